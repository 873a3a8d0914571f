namespace Mirage.Unix.Tests;

/// <summary>A test that needs root and /dev/net/tun. Elsewhere it is skipped with the reason; in CI it fails there
/// instead.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute() => Skip = RootNeeds.Missing;
}
