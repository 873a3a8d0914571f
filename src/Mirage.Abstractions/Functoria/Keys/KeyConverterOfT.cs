using System.Diagnostics.CodeAnalysis;

namespace Mirage;

/// <summary>How the values of a key are written: Cmdliner's converter.</summary>
/// <remarks>What <see cref="Print"/> writes, <see cref="TryParse"/> reads as the same value.</remarks>
/// <typeparam name="T">The value.</typeparam>
public sealed class KeyConverter<T>
{
    private readonly KeyParser<T> _parse;
    private readonly Func<T, string> _print;

    /// <summary>A converter.</summary>
    /// <param name="parse">Reads a value.</param>
    /// <param name="print">Writes a value as <paramref name="parse"/> reads it.</param>
    /// <param name="expected">The form in words: <c>an address with a prefix, as 10.0.0.2/24</c>.</param>
    /// <param name="placeholder">What stands for the value in <c>--help</c>, in capitals: <c>CIDR</c>.</param>
    public KeyConverter(KeyParser<T> parse, Func<T, string> print, string expected, string placeholder) =>
        (_parse, _print, Expected, Placeholder) = (parse, print, expected, placeholder);

    /// <summary>The form in words, after 'expected'.</summary>
    public string Expected { get; }

    /// <summary>What stands for the value in <c>--help</c>.</summary>
    public string Placeholder { get; }

    /// <summary>Reads a value and says whether it could.</summary>
    public bool TryParse(string text, [MaybeNullWhen(false)] out T value) => _parse(text, out value);

    /// <summary>Writes a value.</summary>
    public string Print(T value) => _print(value);
}
