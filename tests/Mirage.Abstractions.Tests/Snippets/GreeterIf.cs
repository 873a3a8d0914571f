// Compiled for docs/functoria.md, which shows what is below the namespace.
namespace Mirage.Tests.Snippets;

// A type-level choice for a signature of one's own: the state is Chosen, and every operation asks it once.
public readonly struct GreeterIf<TCondition, TThen, TElse> : IGreeter<GreeterIf<TCondition, TThen, TElse>>
    where TCondition : struct, ICondition
    where TThen : struct, IGreeter<TThen>
    where TElse : struct, IGreeter<TElse>
{
    private readonly Chosen<TCondition, TThen, TElse> _greeter;

    private GreeterIf(Chosen<TCondition, TThen, TElse> greeter) => _greeter = greeter;

    public static Impl<GreeterIf<TCondition, TThen, TElse>> Impl => Chosen<TCondition, TThen, TElse>.Impl
        .Map(static greeter => new GreeterIf<TCondition, TThen, TElse>(greeter));

    public static string Greet(GreeterIf<TCondition, TThen, TElse> greeter, string name) => greeter._greeter.Holds
        ? TThen.Greet(greeter._greeter.Then, name)
        : TElse.Greet(greeter._greeter.Else, name);
}
