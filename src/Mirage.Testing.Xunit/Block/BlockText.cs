using LanguageExt;

namespace Mirage.Testing;

/// <summary>Operations and outcomes for a reader.</summary>
internal static class BlockText
{
    /// <summary>A read.</summary>
    public static string Read(long sector, long count) => $"Read sector {sector}, {Sectors(count)}";

    /// <summary>A write.</summary>
    public static string Write(long sector, long count) => $"Write sector {sector}, {Sectors(count)}";

    /// <summary>A write of a pattern.</summary>
    public static string Write(long sector, long count, int pattern) =>
        $"{Write(sector, count)}, pattern {pattern}";

    /// <summary>A discard.</summary>
    public static string Discard(long sector, long count) => $"Discard sector {sector}, {Sectors(count)}";

    /// <summary>How many sectors.</summary>
    public static string Sectors(long count) => count == 1 ? "1 sector" : $"{count} sectors";

    /// <summary>Success, or the error with its name.</summary>
    public static string Outcome(Either<BlockError, Unit> outcome) => outcome.Case switch
    {
        BlockError error => $"{error.GetType().Name}: {error}",
        Unit => "success",
        _ => "an outcome that is neither success nor error",
    };
}
