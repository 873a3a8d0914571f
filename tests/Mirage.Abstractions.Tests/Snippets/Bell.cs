// Compiled for docs/functoria.md, which shows what is below the namespace.
namespace Mirage.Tests.Snippets;

public readonly struct Bell<TGroup> : IDevice<Bell<TGroup>> where TGroup : struct, IGroup
{
    // --front-tune for Bell<Front>, --back-tune for Bell<Back>.
    private static readonly Key<string> s_tune = Key.Optional("tune", "ding dong", "What it plays.");

    public static Impl<Bell<TGroup>> Impl => s_tune.Map(static _ => default(Bell<TGroup>));

    public static string Group => TGroup.Name;
}
