using System.Globalization;

namespace Mirage.Fuzz;

/// <summary>An input that a target does not bear.</summary>
/// <param name="Target">The target's name.</param>
/// <param name="Input">The input, shrunk where that was possible.</param>
/// <param name="OriginalLength">Bytes of the input as it was found.</param>
/// <param name="Origin">Where it came from: a seed and a number, or a file.</param>
/// <param name="Error">What happened.</param>
internal sealed record Find(string Target, byte[] Input, int OriginalLength, string Origin, Exception Error)
{
    private const int ShownMax = 96;

    /// <summary>The name of its file: FNV-1a of the input.</summary>
    public string FileName
    {
        get
        {
            var hash = 0xCBF29CE484222325;
            foreach (var value in Input)
                hash = (hash ^ value) * 0x100000001B3;
            return hash.ToString("x16", CultureInfo.InvariantCulture) + ".bin";
        }
    }

    /// <summary>What a person is told.</summary>
    public override string ToString()
    {
        var shown = Convert.ToHexString(Input.AsSpan(0, Math.Min(Input.Length, ShownMax)));
        var rest = Input.Length > ShownMax ? "…" : "";
        return $"""
            FOUND in {Target}: {Error.GetType().Name}: {Error.Message}
              {Origin}; {OriginalLength} bytes, shrunk to {Input.Length}: {shown}{rest}
              replay: ./fuzz {Target} --replay tests/Fuzz/finds/{Target}/{FileName}
            """;
    }
}
