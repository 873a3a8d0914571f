using System.Buffers.Binary;
using Mirage.Net;
using Mirage.Testing;

namespace Mirage.Interop;

/// <summary>What of a packet every right stack has to do alike: no window but whether it is shut, no clock, no order of
/// options.</summary>
internal sealed class SegmentLines
{
    private const int SequenceOffset = EthernetHeader.FixedSize + Ipv4Header.FixedSize + 4;

    private int _highest = -1;

    /// <summary>The number behind all that a window took, which differs from stack to stack; null while none was
    /// filled.</summary>
    public int? Edge { get; set; }

    /// <summary>The line of a packet. What comes late says for what it waited: an acknowledgment that was put off, what
    /// was sent before and goes again, or another timer.</summary>
    public string Of(Packet packet, bool isLate)
    {
        if (packet is not Segment segment)
            return packet is IcmpPacket icmp ? $"icmp {icmp.Type} {icmp.Code}" : packet.ToString();
        var takes = segment.Length + ((segment.Flags & (TcpFlags.Syn | TcpFlags.Fin)) != 0 ? 1 : 0);
        var end = segment.Sequence + takes;
        var isAgain = takes > 0 && end <= _highest;
        _highest = Math.Max(_highest, end);
        var when = !isLate ? "" : isAgain ? "again " : takes == 0 ? "delayed " : "late ";
        return when + Text(segment);
    }

    private string Text(Segment segment)
    {
        var flags = SegmentText.Of(segment.Flags & ~TcpFlags.Psh);
        var end = segment.Sequence + segment.Length;
        // A reset of what has no connection is numbered zero, whatever the first number was.
        var isZero = BinaryPrimitives.ReadUInt32BigEndian(segment.Frame.Span[SequenceOffset..]) == 0;
        var numbers = segment.Length > 0 ? $"{segment.Sequence}:{end}" : isZero ? "zero" : $"{segment.Sequence}";
        var acknowledgment = segment.Acknowledgment is { } number ? $" ack {Number(number)}" : "";
        var window = segment.WindowField is 0 && (segment.Flags & TcpFlags.Rst) == 0 ? " shut" : "";
        var options = string.Join(' ', Options(segment.Options).Order(StringComparer.Ordinal));
        var mark = (IpEcn)(segment.Frame.Span[EthernetHeader.FixedSize + 1] & 3);
        var ecn = mark is IpEcn.NotEct ? "" : $" {mark}";
        var wrong = IsWhole(segment) ? "" : " (other bytes)";
        return $"{flags} {numbers}{acknowledgment}{window}{(options.Length > 0 ? $" <{options}>" : "")}{ecn}{wrong}";
    }

    private string Number(int acknowledgment) => (acknowledgment - Edge) switch
    {
        null or < 0 => $"{acknowledgment}",
        0 => "edge",
        var beyond => $"edge+{beyond}",
    };

    private static IEnumerable<string> Options(SegmentOptions options)
    {
        if (options.Mss is { } mss)
            yield return $"mss {mss}";
        if (options.Scale is not null)
            yield return "scale";
        if (options.IsSackPermitted)
            yield return "sackOK";
        if (options.HasTimestamps)
            yield return $"ecr {options.Echo}";
        if (options.Blocks is { Length: > 0 } blocks)
            yield return $"sack {string.Join(' ', blocks.Select(block => $"{block.Left}:{block.Right}"))}";
    }

    private static bool IsWhole(Segment segment)
    {
        var expected = new byte[segment.Length];
        StreamPattern.Fill(expected, segment.Sequence);
        return (segment.Flags & TcpFlags.Syn) != 0 || expected.AsSpan().SequenceEqual(segment.Bytes);
    }
}
