using LanguageExt;

namespace Mirage.Testing;

/// <summary>What a device answered, as the law expects it.</summary>
internal static class LawOutcome
{
    /// <summary>The value; an error breaks the law.</summary>
    public static T Right<TError, T>(this LawRun run, Either<TError, T> outcome) where TError : notnull
    {
        if (outcome.IsLeft)
            run.Fail("no error", outcome.Match(static _ => "", static error => $"{error}"));
        return outcome.Match(static value => value, static error => throw new InvalidOperationException($"{error}"));
    }

    /// <summary>That error, and no other; a value breaks the law.</summary>
    public static void Left<TError, T>(this LawRun run, TError expected, Either<TError, T> outcome)
        where TError : notnull =>
        run.ExpectEqual($"{expected}", outcome.Match(static _ => "no error", static error => $"{error}"));
}
