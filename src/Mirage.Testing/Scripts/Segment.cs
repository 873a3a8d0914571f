using System.Buffers.Binary;
using Mirage.Net;

namespace Mirage.Testing;

/// <summary>A segment of TCP, RFC 9293 section 3.1, with numbers that are relative: the SYN of each end is 0 and its
/// first byte is 1.</summary>
/// <remarks>A payload that is given by its length only has the bytes of <see cref="StreamPattern"/>, which depend on
/// their place in the stream, and is compared with them. PSH, the window, options and fields of the IP header are
/// compared where an expectation names them; the other flags, the numbers and the payload always are.</remarks>
public sealed record Segment : IpPacket<Segment>
{
    private const ushort WindowDefault = 65535;

    internal Segment(TcpFlags flags, int sequence, int? acknowledgment, int length)
    {
        (Flags, Sequence, Length) = (flags, sequence, length);
        Acknowledgment = acknowledgment;
    }

    /// <summary>The control bits; PSH counts only where <see cref="Psh"/> named it.</summary>
    public TcpFlags Flags { get; private init; }

    /// <summary>The number of its first byte, or of its SYN.</summary>
    public int Sequence { get; }

    /// <summary>With ACK, the number that the sender expects next.</summary>
    public int? Acknowledgment { get; private init; }

    /// <summary>Bytes of payload.</summary>
    public int Length { get; private init; }

    /// <summary>The window field as it is on the wire, not scaled; null when it is not named.</summary>
    public int? WindowField { get; private init; }

    /// <summary>TSval and TSecr of a segment that was received; null without the option.</summary>
    public TcpTimestamps? Clocks => Options.Clocks;

    /// <summary>The payload of a segment that was received or has bytes of its own; null when it follows the
    /// pattern.</summary>
    internal byte[]? Bytes { get; private init; }

    internal SegmentOptions Options { get; private init; } = new();

    internal ScriptConnection? Connection { get; init; }

    private protected override IpProtocol Protocol => IpProtocol.Tcp;

    private bool IsPushNamed { get; init; }

    private bool IsChecksumWrong { get; init; }

    private bool IsPayloadAny { get; init; }

    private ushort? UrgentField { get; init; }

    private int? DataOffsetField { get; init; }

    /// <summary>With this window field.</summary>
    public Segment Window(int window) => this with { WindowField = window };

    /// <summary>With PSH, or without it.</summary>
    public Segment Psh(bool isSet = true) =>
        With(TcpFlags.Psh, isSet) with { IsPushNamed = true };

    /// <summary>With ECE, RFC 3168 section 6.1.</summary>
    public Segment Ece() => With(TcpFlags.Ece, true);

    /// <summary>With CWR, RFC 3168 section 6.1.</summary>
    public Segment Cwr() => With(TcpFlags.Cwr, true);

    /// <summary>With AE, CWR and ECE as this number, RFC 9768 section 3.2.2: 0 to 7.</summary>
    public Segment Ace(int value) => With(TcpFlags.Ae, (value & 4) != 0).With(TcpFlags.Cwr, (value & 2) != 0)
        .With(TcpFlags.Ece, (value & 1) != 0);

    /// <summary>With URG and this urgent pointer.</summary>
    public Segment Urgent(ushort place) => With(TcpFlags.Urg, true) with { UrgentField = place };

    /// <summary>With the option maximum segment size, RFC 9293 section 3.7.1.</summary>
    public Segment Mss(int bytes) => this with { Options = Options with { Mss = bytes } };

    /// <summary>With the option window scale, RFC 7323 section 2.2.</summary>
    public Segment Scale(int shift) => this with { Options = Options with { Scale = shift } };

    /// <summary>With the option SACK permitted, RFC 2018 section 2.</summary>
    public Segment SackPermitted() => this with { Options = Options with { IsSackPermitted = true } };

    /// <summary>With the option timestamps, RFC 7323 section 3.2; an expectation compares what is not null.</summary>
    public Segment Timestamps(uint? value = null, uint? echo = null) =>
        this with { Options = Options with { HasTimestamps = true, Value = value, Echo = echo } };

    /// <summary>With the option SACK, RFC 2018 section 3: each block from its first byte to the one behind its
    /// last.</summary>
    public Segment Sack(params ReadOnlySpan<(int Left, int Right)> blocks) =>
        this with { Options = Options with { Blocks = blocks.ToArray() } };

    /// <summary>Expected without any option.</summary>
    public Segment NoOptions() => this with { Options = new SegmentOptions { IsNone = true } };

    /// <summary>Expected without the option of this kind, by its number in the registry of IANA.</summary>
    public Segment Without(byte kind) => this with { Options = Options with { Absent = [.. Options.Absent, kind] } };

    /// <summary>Sent with these bytes behind the options that are named, whatever they mean; zeros fill up the last
    /// word.</summary>
    public Segment RawOptions(params ReadOnlySpan<byte> bytes) =>
        this with { Options = Options with { Raw = bytes.ToArray() } };

    /// <summary>With this payload in place of the pattern.</summary>
    public Segment Payload(params ReadOnlySpan<byte> bytes) =>
        this with { Bytes = bytes.ToArray(), Length = bytes.Length };

    /// <summary>Expected with any bytes for a payload, of the length that was given.</summary>
    public Segment AnyPayload() => this with { IsPayloadAny = true };

    /// <summary>Sent with this data offset, in words, whatever the header is.</summary>
    public Segment DataOffset(int words) => this with { DataOffsetField = words };

    /// <summary>Sent with a wrong checksum.</summary>
    public Segment WrongChecksum() => this with { IsChecksumWrong = true };

    /// <summary>The segment as it was read.</summary>
    internal static Segment Received(in TcpHeader header, ScriptConnection connection, ReadOnlySpan<byte> image,
        bool isChecksumValid)
    {
        var length = TcpHeader.LengthOf(image);
        int? acknowledgment = (header.Flags & TcpFlags.Ack) != 0
            ? connection.PeerNumber(header.Acknowledgment)
            : null;
        var sequence = connection.StackNumber(header.Sequence);
        return new(header.Flags, sequence, acknowledgment, image.Length - length)
        {
            WindowField = header.Window,
            UrgentField = header.UrgentPointer,
            Options = SegmentOptions.Parse(image[TcpHeader.FixedSize..length], connection.PeerNumber),
            Bytes = image[length..].ToArray(),
            IsPushNamed = true,
            IsChecksumWrong = !isChecksumValid,
            Connection = connection,
        };
    }

    private protected override byte[] EmitPayload(in PacketRoute route)
    {
        var connection = Connection ?? route.Connection;
        var isFromPeer = route.IsFromPeer;
        var (own, other) = isFromPeer
            ? (connection.PeerInitial, connection.StackInitial)
            : (connection.StackInitial, connection.PeerInitial);
        var options = Options.Emit(other);
        var image = new byte[TcpHeader.FixedSize + options.Length + Length];
        var ports = isFromPeer
            ? (connection.PeerPort, connection.StackPort)
            : (connection.StackPort, connection.PeerPort);
        new TcpHeader(ports.Item1, ports.Item2, own + (uint)Sequence,
            Acknowledgment is { } number ? other + (uint)number : 0, Flags, (ushort)(WindowField ?? WindowDefault))
        {
            UrgentPointer = UrgentField ?? 0,
        }.Emit(image);
        var words = DataOffsetField ?? ((TcpHeader.FixedSize + options.Length) / 4);
        image[12] = (byte)((words << 4) | (image[12] & 0xF));
        options.CopyTo(image.AsSpan(TcpHeader.FixedSize));
        Content().CopyTo(image.AsSpan(image.Length - Length));
        var sum = InternetChecksum.PseudoHeader(route.Source, route.Destination, IpProtocol.Tcp, image.Length);
        var checksum = InternetChecksum.Finish(InternetChecksum.Add(sum, image));
        BinaryPrimitives.WriteUInt16BigEndian(
            image.AsSpan(TcpHeader.ChecksumOffset), IsChecksumWrong ? (ushort)~checksum : checksum);
        return image;
    }

    private protected override IEnumerable<string?> CompareWith(Segment received)
    {
        var ignored = IsPushNamed ? TcpFlags.None : TcpFlags.Psh;
        yield return received.IsChecksumWrong ? "the checksum is wrong" : null;
        yield return Connection is null || Connection == received.Connection
            ? null
            : $"connection: expected {Connection}, received {received.Connection}";
        yield return (Flags | ignored) == (received.Flags | ignored)
            ? null
            : $"flags: expected {SegmentText.Of(Flags)}, received {SegmentText.Of(received.Flags)}";
        yield return Difference<int>("sequence number", Sequence, received.Sequence);
        yield return Difference("ack", Acknowledgment, received.Acknowledgment);
        yield return Difference("window", WindowField, received.WindowField);
        yield return Difference("urgent pointer", UrgentField, received.UrgentField);
        yield return Difference<int>("payload length", Length, received.Length);
        if (!IsPayloadAny && Length == received.Length)
            yield return Difference("payload", Content(), received.Bytes);
        foreach (var difference in Options.DifferencesFrom(received.Options))
            yield return difference;
    }

    private protected override string DescribePayload() => SegmentText.Of(this, UrgentField, IsChecksumWrong);

    private Segment With(TcpFlags flag, bool isSet) => this with { Flags = isSet ? Flags | flag : Flags & ~flag };

    private byte[] Content()
    {
        if (Bytes is not null)
            return Bytes;
        var bytes = new byte[Length];
        StreamPattern.Fill(bytes, (Flags & TcpFlags.Syn) != 0 ? Sequence + 1 : Sequence);
        return bytes;
    }
}
