using LanguageExt;

namespace Mirage.Testing;

/// <summary>Outcomes for a reader.</summary>
internal static class BlockOutcome
{
    /// <summary>Success, or the error with its name.</summary>
    public static string Text(Either<BlockError, Unit> outcome) => outcome.Case switch
    {
        BlockError error => $"{error.GetType().Name}: {error}",
        Unit => "success",
        _ => "an outcome that is neither success nor error",
    };
}
