using Mirage.Net;

namespace Mirage.Testing;

/// <summary>Segments as packetdrill writes them.</summary>
internal static class SegmentText
{
    private static readonly (TcpFlags Flag, char Letter)[] s_letters =
    [
        (TcpFlags.Fin, 'F'), (TcpFlags.Syn, 'S'), (TcpFlags.Rst, 'R'), (TcpFlags.Psh, 'P'), (TcpFlags.Ece, 'E'),
        (TcpFlags.Cwr, 'W'), (TcpFlags.Ae, 'A'), (TcpFlags.Urg, 'U'), (TcpFlags.Ack, '.'),
    ];

    public static string Of(TcpFlags flags)
    {
        var letters = string.Concat(s_letters.Where(pair => (flags & pair.Flag) != 0).Select(pair => pair.Letter));
        return letters.Length == 0 ? "-" : letters;
    }

    public static string Of(Segment segment, ushort? urgent, bool isChecksumWrong)
    {
        var end = unchecked(segment.Sequence + segment.Length);
        var connection = segment.Connection is { IsOneOfSeveral: true } several ? $"[{several}] " : "";
        var acknowledgment = segment.Acknowledgment is { } number ? $" ack {number}" : "";
        var window = segment.WindowField is { } field ? $" win {field}" : "";
        var pointer = urgent is > 0 ? $" urg {urgent}" : "";
        var wrong = isChecksumWrong ? " [wrong checksum]" : "";
        var options = segment.Options.ToString();
        return $"{connection}{Of(segment.Flags)} {segment.Sequence}:{end}({segment.Length}){acknowledgment}{window}"
            + $"{pointer}{(options.Length == 0 ? "" : $" <{options}>")}{wrong}";
    }
}
