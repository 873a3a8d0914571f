namespace Mirage.Net;

/// <summary>
/// Places connections in a table by a keyed hash: peers choose their ports, and must not be able to choose collisions.
/// </summary>
internal sealed class TcpFlowKeyComparer(SipHash hash) : IEqualityComparer<TcpFlowKey>
{
    public bool Equals(TcpFlowKey x, TcpFlowKey y) => x == y;

    public int GetHashCode(TcpFlowKey obj)
    {
        Span<byte> image = stackalloc byte[TcpFlowKey.Size];
        obj.Emit(image);
        return (int)hash.HashForTable(image);
    }
}
