namespace Mirage.Testing;

/// <summary>Between whom a packet goes, and whose numbers are relative to what.</summary>
/// <param name="IsFromPeer">Whether the peer sends it; otherwise the stack does.</param>
/// <param name="SourceMac">The link address of the sender.</param>
/// <param name="DestinationMac">The link address of the receiver.</param>
/// <param name="Source">The sender.</param>
/// <param name="Destination">The receiver.</param>
/// <param name="Connection">The connection of a segment that names none.</param>
internal readonly record struct PacketRoute(bool IsFromPeer, MacAddress SourceMac, MacAddress DestinationMac,
    IpAddress Source, IpAddress Destination, ScriptConnection Connection)
{
    /// <summary>The way back.</summary>
    public PacketRoute Reversed => new(!IsFromPeer, DestinationMac, SourceMac, Destination, Source, Connection);
}
