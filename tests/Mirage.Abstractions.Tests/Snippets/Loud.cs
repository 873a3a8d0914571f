// Compiled for docs/functoria.md, which shows what is below the namespace.
using static Mirage.Impl;

namespace Mirage.Tests.Snippets;

public readonly struct Loud<TGreeter> : IGreeter<Loud<TGreeter>> where TGreeter : struct, IGreeter<TGreeter>
{
    private readonly TGreeter _greeter;

    private Loud(TGreeter greeter) => _greeter = greeter;

    public static Impl<Loud<TGreeter>> Impl => Of<TGreeter>().Map(static greeter => new Loud<TGreeter>(greeter));

    public static string Greet(Loud<TGreeter> greeter, string name) =>
        TGreeter.Greet(greeter._greeter, name).ToUpperInvariant();
}
