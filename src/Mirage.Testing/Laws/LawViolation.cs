namespace Mirage.Testing;

/// <summary>What one case saw, on its way from the law to the runner.</summary>
internal sealed class LawViolation(string expected, string seen, Exception? cause = null) : Exception(seen, cause)
{
    public string Expected => expected;

    public string Seen => Message;

    public static LawViolation Thrown(Exception cause) =>
        new("no exception", $"{cause.GetType().Name}: {cause.Message}", cause);
}
