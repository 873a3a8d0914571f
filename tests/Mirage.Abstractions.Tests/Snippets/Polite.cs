// Compiled for docs/functoria.md, which shows what is below the namespace.
using static Mirage.Impl;

namespace Mirage.Tests.Snippets;

public readonly struct Polite : IGreeter<Polite>
{
    private readonly Core _core;

    private Polite(Core core) => _core = core;

    public static Impl<Polite> Impl => Pure(new Polite(new Core("Good day")));

    public static string Greet(Polite greeter, string name) => $"{greeter._core.Words}, {name}.";

    private sealed record Core(string Words);
}
