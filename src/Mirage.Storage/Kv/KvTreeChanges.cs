using LanguageExt;

namespace Mirage.Storage;

/// <summary>What the operations of <see cref="IKvRw{TSelf}"/> make of a tree.</summary>
internal static class KvTreeChanges
{
    public static Either<KvWriteError, KvTree> Set(
        this KvTree tree, KvKey key, ReadOnlyMemory<byte> value, DateTimeOffset now) =>
        Put(tree, key, value.ToArray(), now);

    public static Either<KvWriteError, KvTree> SetPartial(
        this KvTree tree, KvKey key, long offset, ReadOnlyMemory<byte> value, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var old = tree.Get(key).Match(Right: static bytes => bytes, Left: static _ => default);
        var start = Math.Min(offset, old.Length);
        if (start + value.Length > Array.MaxLength)
            return new KvWriteError.NoSpace(key);
        var whole = new byte[Math.Max(old.Length, start + value.Length)];
        old.CopyTo(whole);
        value.CopyTo(whole.AsMemory((int)start));
        return Put(tree, key, whole, now);
    }

    public static Either<KvWriteError, KvTree> Remove(this KvTree tree, KvKey key) => tree.Find(key).Match(
        // What is there has dictionaries alone on its way.
        Right: _ => tree.With(key, null)!,
        Left: _ => tree);

    public static Either<KvWriteError, KvTree> Rename(this KvTree tree, KvKey source, KvKey destination)
    {
        if (source != destination && source.IsPrefixOf(destination))
            return new KvWriteError.RenameSourcePrefix(source, destination);
        return tree.Find(source).Match(
            Right: node =>
            {
                var isInto = source != destination && Kind(tree, destination) is KvKind.Dictionary;
                var target = isInto ? destination / source.Basename : destination;
                return target == source ? tree : Move(tree, source, node, destination, target);
            },
            Left: Refuse);
    }

    public static Either<KvWriteError, KvTree> Allocate(
        this KvTree tree, KvKey key, long size, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        if (Kind(tree, key) is not null)
            return new KvWriteError.AlreadyPresent(key);
        if (size > Array.MaxLength)
            return new KvWriteError.NoSpace(key);
        return Place(tree, key, new KvValue(new byte[size], now));
    }

    private static Either<KvWriteError, KvTree> Move(
        KvTree tree, KvKey source, KvNode node, KvKey destination, KvKey target)
    {
        var there = Kind(tree, target);
        if (there is KvKind.Dictionary)
            return new KvWriteError.AlreadyPresent(target);
        if (there is KvKind.Value && node.Kind is KvKind.Dictionary)
            return Refuse(new KvError.ValueExpected(source));
        return tree.With(source, null)!.With(target, node) is { } moved
            ? moved
            : Refuse(new KvError.DictionaryExpected(destination));
    }

    private static Either<KvWriteError, KvTree> Put(KvTree tree, KvKey key, byte[] value, DateTimeOffset now) =>
        Kind(tree, key) is KvKind.Dictionary
            ? Refuse(new KvError.ValueExpected(key))
            : Place(tree, key, new KvValue(value, now));

    private static Either<KvWriteError, KvTree> Place(KvTree tree, KvKey key, KvNode node) =>
        tree.With(key, node) is { } changed ? changed : Refuse(new KvError.DictionaryExpected(key));

    private static KvKind? Kind(KvTree tree, KvKey key) =>
        tree.Node(key, out _)?.Kind;

    private static Either<KvWriteError, KvTree> Refuse(KvError error) => new KvWriteError.Read(error);
}
