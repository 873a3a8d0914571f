// Compiled for docs/functoria.md, which shows what is below the namespace.
using static Mirage.Impl;

namespace Mirage.Tests.Snippets;

public readonly struct Greeting : IDevice<Greeting>
{
    private static readonly Key<bool> s_loud = Key.Flag("loud", "Raise the voice.");
    private static readonly Key<string> s_manner = Key.Optional("manner", "polite", "polite, loud or none.");

    // One of two.
    private static Impl<string> ByFlag => If(s_loud, Text<Loud<Polite>>(), Text<Polite>());

    // One of several; the second argument is for every other value.
    private static Impl<string> ByName => Match(
        s_manner, Pure(""), ("polite", Text<Polite>()), ("loud", Text<Loud<Polite>>()));

    public static Impl<Greeting> Impl => (ByFlag, ByName).Apply(static (_, _) => default(Greeting));

    private static Impl<string> Text<TGreeter>() where TGreeter : struct, IGreeter<TGreeter> =>
        Of<TGreeter>().Map(static greeter => TGreeter.Greet(greeter, "world"));
}
