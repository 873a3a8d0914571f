namespace Mirage.Net;

/// <summary>What a port of UDP takes: datagrams to <paramref name="Local"/>, whose address is unspecified for every
/// address, from <paramref name="Remote"/>, which is <c>default</c> for everybody.</summary>
internal readonly record struct UdpBinding(Endpoint Local, Endpoint Remote)
{
    /// <summary>Bytes of the image that is hashed.</summary>
    public const int Size = 36;

    public bool IsConnected => Remote != default;

    public void Emit(Span<byte> destination)
    {
        BitConverter.TryWriteBytes(destination, Local.Address.High);
        BitConverter.TryWriteBytes(destination[8..], Local.Address.Low);
        BitConverter.TryWriteBytes(destination[16..], Remote.Address.High);
        BitConverter.TryWriteBytes(destination[24..], Remote.Address.Low);
        BitConverter.TryWriteBytes(destination[32..], Local.Port);
        BitConverter.TryWriteBytes(destination[34..], Remote.Port);
    }
}
