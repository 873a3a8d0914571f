using static Mirage.Impl;
using ListOfBooleans = ListText<ByteBoolean, BooleanText<ByteBoolean>>;
using ListOfIntegers = ListText<int, IntegerText>;

/// <summary>
/// MirageOS's introduction to functors: signatures are interfaces with static abstract members, modules are structs,
/// functors are generic structs, and applying one is closing its type. A device is nothing else.
/// </summary>
internal readonly struct Functors<TConsole> : IUnikernel<Functors<TConsole>> where TConsole : struct, IConsole<TConsole>
{
    private readonly TConsole _console;

    private Functors(TConsole console) => _console = console;

    /// <inheritdoc/>
    public static Impl<Functors<TConsole>> Impl =>
        Of<TConsole>().Map(static console => new Functors<TConsole>(console));

    /// <inheritdoc/>
    public static ValueTask Start(Functors<TConsole> unikernel, CancellationToken stop)
    {
        Say(unikernel, ListOfBooleans.ToText([ByteBoolean.True, ByteBoolean.False]));
        Say(unikernel, ListOfIntegers.ToText(Sort<Ascending>(3, 1, 2)));
        Say(unikernel, ListOfIntegers.ToText(Sort<Reversed<int, Ascending>>(3, 1, 2)));
        Say(unikernel, ListText<IEnumerable<int>, ListOfIntegers>.ToText([[1, 2], [], [3]]));
        return ValueTask.CompletedTask;
    }

    private static void Say(Functors<TConsole> unikernel, string line) => TConsole.WriteLine(unikernel._console, line);

    private static IEnumerable<int> Sort<TOrdering>(
        params ReadOnlySpan<int> items) where TOrdering : struct, IOrdering<int>
    {
        var list = SortedList<int, TOrdering>.Empty;
        foreach (var item in items)
            list = SortedList<int, TOrdering>.Add(list, item);
        return SortedList<int, TOrdering>.Items(list);
    }
}
