using System.Text.RegularExpressions;

namespace Mirage.Conformance;

/// <summary>Texts in the order of the numbers in them: RFC 793 before RFC 9293, section 3.9 before 3.10.</summary>
internal sealed partial class NumberOrder : IComparer<string>
{
    public static NumberOrder Instance { get; } = new();

    public int Compare(string? x, string? y) => string.CompareOrdinal(Padded(x), Padded(y));

    private static string Padded(string? text) => Number().Replace(text ?? "", match => match.Value.PadLeft(8, '0'));

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();
}
