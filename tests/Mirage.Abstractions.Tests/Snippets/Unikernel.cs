// Compiled for docs/functoria.md, which shows what is below the namespace.
using static Mirage.Impl;

namespace Mirage.Tests.Snippets;

public readonly struct Unikernel<TGreeter, TConsole> : IUnikernel<Unikernel<TGreeter, TConsole>>
    where TGreeter : struct, IGreeter<TGreeter>
    where TConsole : struct, IConsole<TConsole>
{
    private static readonly Key<string> s_name = Key.Optional("name", "world", "Whom to greet.");

    private readonly (TGreeter Greeter, TConsole Console, string Name) _with;

    private Unikernel((TGreeter, TConsole, string) with) => _with = with;

    public static Impl<Unikernel<TGreeter, TConsole>> Impl => (Of<TGreeter>(), Of<TConsole>(), s_name).Apply(
        static (greeter, console, name) => new Unikernel<TGreeter, TConsole>((greeter, console, name)));

    public static ValueTask Start(Unikernel<TGreeter, TConsole> unikernel, CancellationToken stop)
    {
        var (greeter, console, name) = unikernel._with;
        TConsole.WriteLine(console, TGreeter.Greet(greeter, name));
        return ValueTask.CompletedTask;
    }
}
