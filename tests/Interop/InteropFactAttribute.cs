using Xunit.Sdk;

namespace Mirage.Interop;

/// <summary>A test against programs that are not ours. It skips with the reason where the machine lacks something that
/// it needs, and fails with it where CI is true.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Mirage.Interop.InteropFactDiscoverer", "Interop")]
public sealed class InteropFactAttribute : FactAttribute
{
    /// <summary>What the test needs: <c>root,tun,curl</c>.</summary>
    public string Needs
    {
        get;
        set
        {
            field = value;
            if (!Requirements.AreDemanded)
                Skip = Requirements.Missing(value);
        }
    } = "";
}
