/// <summary>
/// A functor from a printable to a printable: OCaml's <c>module Make (P : PRINTABLE) : PRINTABLE</c>. The result has
/// the signature that the argument has, so that it can be an argument again.
/// </summary>
/// <typeparam name="TItem">What the lists hold.</typeparam>
/// <typeparam name="TPrintable">How that is printed.</typeparam>
internal readonly struct ListText<TItem, TPrintable> : IPrintable<IEnumerable<TItem>>
    where TPrintable : struct, IPrintable<TItem>
{
    /// <inheritdoc/>
    public static string ToText(IEnumerable<TItem> value) => $"[{string.Join("; ", value.Select(TPrintable.ToText))}]";
}
