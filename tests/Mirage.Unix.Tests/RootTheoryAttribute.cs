namespace Mirage.Unix.Tests;

/// <summary>A test that needs root and /dev/net/tun. Elsewhere it is skipped with the reason; in CI it fails there
/// instead.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootTheoryAttribute : TheoryAttribute
{
    public RootTheoryAttribute()
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
            return; // A machine that lacks the right makes the test fail by itself.
        if (!Environment.IsPrivilegedProcess)
            Skip = "needs root, to make network namespaces";
        else if (!File.Exists("/dev/net/tun"))
            Skip = "needs /dev/net/tun";
    }
}
