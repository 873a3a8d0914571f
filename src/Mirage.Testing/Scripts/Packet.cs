namespace Mirage.Testing;

/// <summary>What the peer of a <see cref="PacketScript"/> sends, or what is expected of the stack.</summary>
/// <remarks>Fields that an expectation does not name are not compared. <see cref="PacketVocabulary"/> makes
/// packets.</remarks>
public abstract record Packet
{
    private protected Packet() { }

    /// <summary>The frame of a packet that was received, Ethernet header included; empty for one that is only
    /// described.</summary>
    public ReadOnlyMemory<byte> Frame { get; internal init; }

    /// <summary>The packet in the notation of packetdrill: <c>S. 0:0(0) ack 1 win 65535 &lt;mss 1460&gt;</c>.</summary>
    public sealed override string ToString() => Describe();

    /// <summary>The frame, Ethernet header included.</summary>
    internal abstract byte[] Emit(in PacketRoute route);

    /// <summary>What is expected here and is not so in <paramref name="received"/>.</summary>
    internal IEnumerable<string> DifferencesFrom(Packet received) =>
        received.GetType() == GetType() ? Compare(received) : ["another kind of packet"];

    private protected abstract string Describe();

    private protected abstract IEnumerable<string> Compare(Packet received);

    /// <summary>The line of one field that differs; null while it is not named or the same.</summary>
    private protected static string? Difference<T>(string field, T? expected, T? received) where T : struct =>
        expected is null || EqualityComparer<T?>.Default.Equals(expected, received)
            ? null
            : $"{field}: expected {expected}, received {(received is null ? "none" : received)}";

    /// <summary>The line of bytes that differ, which names the first of them.</summary>
    private protected static string? Difference(string field, byte[]? expected, ReadOnlySpan<byte> received)
    {
        if (expected is null || received.SequenceEqual(expected))
            return null;
        if (expected.Length != received.Length)
            return $"{field}: expected {expected.Length} bytes, received {received.Length}";
        var place = received.CommonPrefixLength(expected);
        return $"{field}: byte {place} is 0x{received[place]:x2} and not 0x{expected[place]:x2}";
    }
}
