namespace Mirage.Fuzz;

/// <summary>What must hold for every input.</summary>
internal static class Oracle
{
    public static void That(bool holds, string sentence)
    {
        if (!holds)
            throw new OracleException(sentence);
    }

    public static void Same<T>(T expected, T actual, string sentence)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
            throw new OracleException($"{sentence} Expected {expected}, not {actual}.");
    }

    public static void SameBytes(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, string sentence)
    {
        if (!expected.SequenceEqual(actual))
            throw new OracleException(
                $"{sentence} Expected {Convert.ToHexString(expected)}, not {Convert.ToHexString(actual)}.");
    }
}
