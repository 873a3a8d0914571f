namespace Mirage.Net;

/// <summary>Places bindings in a table by a keyed hash: a server that connects a port to each of its clients lets them
/// choose, and they must not be able to choose collisions.</summary>
internal sealed class UdpBindingComparer(SipHash hash) : IEqualityComparer<UdpBinding>
{
    public bool Equals(UdpBinding x, UdpBinding y) => x == y;

    public int GetHashCode(UdpBinding obj)
    {
        Span<byte> image = stackalloc byte[UdpBinding.Size];
        obj.Emit(image);
        return (int)hash.HashForTable(image);
    }
}
