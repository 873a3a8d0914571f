using System.Buffers.Binary;
using Mirage.Net;

namespace Mirage.Testing;

/// <summary>A message of ICMP, RFC 792.</summary>
public sealed record IcmpPacket : IpPacket<IcmpPacket>
{
    private const int QuotedMax = 64; // The headers and RFC 792's eight bytes, with options to spare.

    internal IcmpPacket(IcmpType type, byte code) => (Type, Code) = (type, code);

    /// <summary>What the message is.</summary>
    public IcmpType Type { get; }

    /// <summary>Details of the type.</summary>
    public byte Code { get; }

    /// <summary>What the type puts behind the checksum; null when it is not named.</summary>
    public uint? Rest { get; internal init; }

    /// <summary>The data of a message that was received or has its own; null when it is not named.</summary>
    internal byte[]? Bytes { get; init; }

    /// <summary>The packet that an error quotes.</summary>
    internal Packet? Quoted { get; init; }

    private protected override IpProtocol Protocol => IpProtocol.Icmp;

    private bool IsChecksumWrong { get; init; }

    /// <summary>Sent with a wrong checksum.</summary>
    public IcmpPacket WrongChecksum() => this with { IsChecksumWrong = true };

    /// <summary>The message as it was read.</summary>
    internal static IcmpPacket Received(in IcmpMessage message, ReadOnlySpan<byte> data, bool isChecksumValid) =>
        new(message.Type, message.Code)
        {
            Rest = message.Rest,
            Bytes = data.ToArray(),
            IsChecksumWrong = !isChecksumValid,
        };

    private protected override byte[] EmitPayload(in PacketRoute route)
    {
        var data = Bytes ?? Quotation(route);
        var image = new byte[IcmpMessage.FixedSize + data.Length];
        new IcmpMessage(Type, Code, Rest ?? 0).Emit(image);
        data.CopyTo(image, IcmpMessage.FixedSize);
        var checksum = InternetChecksum.Compute(image);
        BinaryPrimitives.WriteUInt16BigEndian(
            image.AsSpan(IcmpMessage.ChecksumOffset), IsChecksumWrong ? (ushort)~checksum : checksum);
        return image;
    }

    private protected override IEnumerable<string?> CompareWith(IcmpPacket received)
    {
        yield return received.IsChecksumWrong ? "the checksum is wrong" : null;
        yield return Difference<IcmpType>("type", Type, received.Type);
        yield return Difference<byte>("code", Code, received.Code);
        yield return Difference("rest", Rest, received.Rest);
        yield return Difference("data", Bytes, received.Bytes);
    }

    private protected override string DescribePayload()
    {
        var rest = Rest is > 0 ? $" 0x{Rest:x8}" : "";
        var quoted = Quoted is null ? "" : $" [{Quoted}]";
        var data = Bytes is null ? "" : $" ({Bytes.Length})";
        return $"icmp {Type} code {Code}{rest}{data}{quoted}{(IsChecksumWrong ? " [wrong checksum]" : "")}";
    }

    // An error quotes the IP packet of the other end; one that was received is quoted as it came.
    private byte[] Quotation(in PacketRoute route)
    {
        if (Quoted is null)
            return [];
        var frame = Quoted.Frame.IsEmpty ? Quoted.Emit(route.Reversed) : Quoted.Frame.ToArray();
        return frame[EthernetHeader.FixedSize..Math.Min(frame.Length, EthernetHeader.FixedSize + QuotedMax)];
    }
}
