// Compiled for docs/functoria.md, which shows what is below the namespace.
using static Mirage.Impl;

namespace Mirage.Tests.Snippets;

public readonly struct Front : IGroup
{
    public static string Name => "front";
}

public readonly struct Back : IGroup
{
    public static string Name => "back";
}

public readonly struct Bell<TGroup> : IDevice<Bell<TGroup>> where TGroup : struct, IGroup
{
    // --front-tune for Bell<Front>, --back-tune for Bell<Back>.
    private static readonly Key<string> s_tune = Key.Optional("tune", "ding dong", "What it plays.");

    public static Impl<Bell<TGroup>> Impl => s_tune.Map(static _ => default(Bell<TGroup>));

    public static string Group => TGroup.Name;
}

// A functor passes the group on: its own keys get the prefix too.
public readonly struct Porch<TBell> : IDevice<Porch<TBell>> where TBell : struct, IDevice<TBell>
{
    private static readonly Key<bool> s_lit = Key.Flag("lit", "Switch the lamp on.");

    public static Impl<Porch<TBell>> Impl => (Of<TBell>(), s_lit).Apply(static (_, _) => default(Porch<TBell>));

    public static string Group => TBell.Group;
}
