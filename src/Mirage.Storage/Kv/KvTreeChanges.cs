using LanguageExt;

namespace Mirage.Storage;

/// <summary>What the operations of <see cref="IKvRw{TSelf}"/> make of a tree.</summary>
internal static class KvTreeChanges
{
    public static Either<KvWriteError, KvTree> Apply(this KvTree tree, KvChange change, DateTimeOffset now) =>
        change switch
        {
            KvChange.Set set => Put(tree, set.Key, set.Value.ToArray(), now),
            KvChange.SetPartial part => SetPartial(tree, part.Key, part.Offset, part.Value, now),
            KvChange.Remove remove => Remove(tree, remove.Key),
            KvChange.Rename rename => Rename(tree, rename.Source, rename.Destination),
            KvChange.Allocate allocate => Allocate(tree, allocate.Key, allocate.Size, now),
            KvChange.Require require => Holds(tree, require)
                ? tree
                : new KvWriteError.ConditionFailed(require.Key),
            _ => throw new ArgumentNullException(nameof(change)),
        };

    /// <summary>The key at which a change puts something.</summary>
    public static KvKey Target(KvChange change) => change switch
    {
        KvChange.Set set => set.Key,
        KvChange.SetPartial part => part.Key,
        KvChange.Remove remove => remove.Key,
        KvChange.Rename rename => rename.Destination,
        KvChange.Allocate allocate => allocate.Key,
        KvChange.Require require => require.Key,
        _ => throw new ArgumentNullException(nameof(change)),
    };

    private static Either<KvWriteError, KvTree> SetPartial(
        KvTree tree, KvKey key, long offset, ReadOnlyMemory<byte> value, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var old = tree.Get(key).Match(Right: static bytes => bytes, Left: static _ => default);
        return KvSplice.TryWrite(old, offset, value, Array.MaxLength) is { } whole
            ? Put(tree, key, whole, now)
            : new KvWriteError.NoSpace(key);
    }

    private static Either<KvWriteError, KvTree> Remove(KvTree tree, KvKey key) => tree.Find(key).Match(
        // What is there has dictionaries alone on its way.
        Right: _ => tree.With(key, null)!,
        Left: _ => tree);

    private static Either<KvWriteError, KvTree> Rename(KvTree tree, KvKey source, KvKey destination)
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

    private static Either<KvWriteError, KvTree> Allocate(KvTree tree, KvKey key, long size, DateTimeOffset now)
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

    private static bool Holds(KvTree tree, KvChange.Require require) =>
        (require.Condition, tree.Node(require.Key, out _)) switch
        {
            (KvCondition.Absent, null) => true,
            (KvCondition.Present, KvValue) => true,
            (KvCondition.DigestEquals wanted, KvValue value) => value.Digest.Span.SequenceEqual(wanted.Digest.Span),
            _ => false,
        };

    private static KvKind? Kind(KvTree tree, KvKey key) =>
        tree.Node(key, out _)?.Kind;

    private static Either<KvWriteError, KvTree> Refuse(KvError error) => new KvWriteError.Read(error);
}
