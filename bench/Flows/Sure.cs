using LanguageExt;

namespace Mirage.Bench;

/// <summary>Outcomes that are not allowed to fail.</summary>
internal static class Sure
{
    public static T Right<TError, T>(Either<TError, T> outcome) where TError : notnull => outcome.Match(
        Left: static error => throw new InvalidOperationException(error.ToString()), Right: static value => value);
}
