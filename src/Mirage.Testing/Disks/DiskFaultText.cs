using System.Globalization;

namespace Mirage.Testing;

/// <summary>Faults of disks in the words of a fault plan: <c>unreadable 7 2</c>.</summary>
internal static class DiskFaultText
{
    public static string Write(DiskFault fault) => fault switch
    {
        DiskFault.ReadError it => $"read-error {it.Number} {it.Times}",
        DiskFault.WriteError it => $"write-error {it.Number} {it.Times}",
        DiskFault.FlushError it => $"flush-error {it.Number}",
        DiskFault.Unreadable it => $"unreadable {it.Sector} {it.Sectors}",
        DiskFault.LostWrite it => $"lost-write {it.Number} {it.Times}",
        DiskFault.MisdirectedWrite it => $"misdirected-write {it.Sector} {it.Number}",
        DiskFault.BitRot it => $"bit-rot {it.Sector} {it.Bit}",
        DiskFault.Full => "full",
        DiskFault.NotFull => "not-full",
        DiskFault.Truncated it => $"truncated {it.Sectors}",
        DiskFault.Slow it => $"slow {it.Times}",
        _ => throw new ArgumentException($"A plan has no word for {fault.GetType().Name}.", nameof(fault)),
    };

    /// <summary>The fault that the words say, or null. Numbers that are left out are 1.</summary>
    public static DiskFault? Read(string text)
    {
        var words = text.Split(' ');
        Span<long> numbers = [1, 1];
        for (var index = 1; index < words.Length; index++)
        {
            if (index > numbers.Length ||
                !long.TryParse(words[index], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[index - 1]))
                return null;
        }

        var (first, second) = (numbers[0], numbers[1]);
        return (words[0], words.Length - 1) switch
        {
            ("read-error", _) => new DiskFault.ReadError(first, second),
            ("write-error", _) => new DiskFault.WriteError(first, second),
            ("flush-error", <= 1) => new DiskFault.FlushError(first),
            ("unreadable", >= 1) when second <= int.MaxValue => new DiskFault.Unreadable(first, (int)second),
            ("lost-write", _) => new DiskFault.LostWrite(first, second),
            ("misdirected-write", >= 1) => new DiskFault.MisdirectedWrite(first, second),
            ("bit-rot", 2) when second <= int.MaxValue => new DiskFault.BitRot(first, (int)second),
            ("full", 0) => new DiskFault.Full(),
            ("not-full", 0) => new DiskFault.NotFull(),
            ("truncated", 1) => new DiskFault.Truncated(first),
            ("slow", 1) when first <= int.MaxValue => new DiskFault.Slow((int)first),
            _ => null,
        };
    }
}
