namespace Mirage.Unix.Tests;

/// <summary>What tests that make network namespaces and TAPs need.</summary>
internal static class RootNeeds
{
    /// <summary>What is missing here, as the reason of a skip; null in CI, where a machine that lacks it makes the test
    /// fail by itself.</summary>
    public static string? Missing =>
        Environment.GetEnvironmentVariable("CI") == "true" ? null
        : !Environment.IsPrivilegedProcess ? "needs root, to make network namespaces"
        : !File.Exists("/dev/net/tun") ? "needs /dev/net/tun"
        : null;
}
