// Compiled for docs/functoria.md, which shows what is below the namespace.
namespace Mirage.Tests.Snippets;

// Decided at boot by --sockets: both stacks are in the program, one is connected.
public readonly struct BySockets : ICondition
{
    private static readonly Key<bool> s_sockets = Key.Flag("sockets", "Use the stack of the kernel.");

    public static Impl<bool> Value => s_sockets;
}
