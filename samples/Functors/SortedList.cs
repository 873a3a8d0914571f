using System.Collections.Immutable;

/// <summary>A list that is kept in order: OCaml's <c>Set.Make (Ord)</c> in small.</summary>
/// <remarks>The order is part of the type: the compiler keeps lists of two orders apart.</remarks>
/// <typeparam name="T">What it holds.</typeparam>
/// <typeparam name="TOrdering">The order it is kept in.</typeparam>
internal readonly struct SortedList<T, TOrdering> where TOrdering : struct, IOrdering<T>
{
    private readonly ImmutableList<T> _items;

    private SortedList(ImmutableList<T> items) => _items = items;

    /// <summary>The list of nothing.</summary>
    public static SortedList<T, TOrdering> Empty => new([]);

    /// <summary>The items, the first one before all others.</summary>
    public static IEnumerable<T> Items(SortedList<T, TOrdering> list) => list._items;

    /// <summary>The same list with <paramref name="item"/> after all that do not come after it.</summary>
    public static SortedList<T, TOrdering> Add(SortedList<T, TOrdering> list, T item)
    {
        var index = list._items.FindIndex(other => TOrdering.IsBefore(item, other));
        return new(list._items.Insert(index < 0 ? list._items.Count : index, item));
    }
}
