namespace Mirage.Testing;

/// <summary>What one case saw, on its way from the law to the runner.</summary>
internal sealed class LawViolation(string expected, string seen, Exception? cause = null) : Exception(seen, cause)
{
    public string Expected => expected;

    public string Seen => Message;

    /// <summary>What else may be the cause; empty where nothing is to be said.</summary>
    public string Hint { get; init; } = "";

    public static LawViolation Thrown(Exception cause) =>
        new("no exception", $"{cause.GetType().Name}: {cause.Message}", cause);
}
