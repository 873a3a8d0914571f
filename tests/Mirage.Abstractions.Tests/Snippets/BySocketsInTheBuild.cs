// Compiled for docs/functoria.md, which shows what is below the namespace.
using System.Diagnostics.CodeAnalysis;

namespace Mirage.Tests.Snippets;

// Decided in the build by <MirageKey Include="sockets" Value="true" />: the other stack is not in a trimmed program.
public readonly struct BySocketsInTheBuild : ICondition
{
    private static readonly Key<bool> s_sockets = Key.Flag("sockets", "Use the stack of the kernel.", Stage.Configure);

    public static bool? Constant => IsOn;

    public static Impl<bool> Value => s_sockets;

    [FeatureSwitchDefinition("Mirage.Key.sockets")]
    private static bool IsOn => AppContext.TryGetSwitch("Mirage.Key.sockets", out var isOn) && isOn;
}
