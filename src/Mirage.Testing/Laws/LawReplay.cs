using System.Globalization;

namespace Mirage.Testing;

/// <summary>The seeds that a law tries: many, or the one to see again.</summary>
internal static class LawReplay
{
    public const string Variable = "MIRAGE_REPLAY";

    /// <summary>How to see a case again.</summary>
    public static string Line(Law law, ulong seed) => string.Create(CultureInfo.InvariantCulture,
        $"Replay: {Variable}={seed} dotnet test --filter \"FullyQualifiedName~{law.Test}\"");

    /// <summary>The seeds of a law's cases.</summary>
    public static IEnumerable<ulong> Seeds(LawOptions options)
    {
#pragma warning disable RS0030 // Who runs a test again says so in the environment of the test run, which is no host.
        var given = Environment.GetEnvironmentVariable(Variable);
#pragma warning restore RS0030
        return Seeds(options, given);
    }

    public static IEnumerable<ulong> Seeds(LawOptions options, string? given)
    {
        if (string.IsNullOrEmpty(given))
            return Drawn(options);
        return ulong.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? [seed]
            : throw new FormatException($"{Variable} is '{given}', not the number that a failure printed.");
    }

    private static IEnumerable<ulong> Drawn(LawOptions options)
    {
        var seeds = new SplitMix64(options.Seed);
        for (var index = 0; index < options.Cases; index++)
            yield return seeds.Next();
    }
}
