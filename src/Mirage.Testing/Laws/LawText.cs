using System.Text;
using LanguageExt;

namespace Mirage.Testing;

/// <summary>Values as the message of a failure shows them.</summary>
public static class LawText
{
    private const int Shown = 16;

    /// <summary>How many bytes there are, and the first of them: <c>3 bytes, 61 62 63</c>.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length == 1 ? "1 byte" : $"{bytes.Length} bytes");
        for (var index = 0; index < Math.Min(bytes.Length, Shown); index++)
            text.Append(index == 0 ? ", " : " ").Append(bytes[index].ToString("X2", null));
        return text.Append(bytes.Length > Shown ? " …" : "").ToString();
    }

    /// <summary>What was expected and what is there, where two texts of bytes would look the same.</summary>
    public static string Difference(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> seen)
    {
        var at = expected.CommonPrefixLength(seen);
        return at < Shown ? Of(seen) : $"{seen.Length} bytes, from byte {at} on other ones: {Of(seen[at..])}";
    }

    /// <summary>What a device answered: the value as <paramref name="show"/> has it, or the error.</summary>
    public static string Of<TError, T>(Either<TError, T> outcome, Func<T, string> show) where TError : notnull =>
        outcome.Match(Right: show, Left: static error => error.ToString() ?? "");
}
