// Compiled for docs/functoria.md, which shows what is below the namespace.
using static Mirage.Impl;

namespace Mirage.Tests.Snippets;

// A functor passes the group on: its own keys get the prefix too.
public readonly struct Porch<TBell> : IDevice<Porch<TBell>> where TBell : struct, IDevice<TBell>
{
    private static readonly Key<bool> s_lit = Key.Flag("lit", "Switch the lamp on.");

    public static Impl<Porch<TBell>> Impl => (Of<TBell>(), s_lit).Apply(static (_, _) => default(Porch<TBell>));

    public static string Group => TBell.Group;
}
