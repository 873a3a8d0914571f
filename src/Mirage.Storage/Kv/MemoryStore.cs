using LanguageExt;

namespace Mirage.Storage;

/// <summary>A store in memory: a write puts another tree in the place of the one before.</summary>
internal sealed class MemoryStore(TimeProvider time, long capacity) : TreeStore(KvTree.Empty)
{
    public static Impl<MemoryStore> Impl =>
        (Mirage.Impl.BootHost, Capacity).Apply(
            static (host, capacity) => new MemoryStore(host.Time, capacity.IfNone(long.MaxValue)));

    /// <summary>The most bytes that a value can have.</summary>
    public long ValueMax => Math.Min(capacity, Array.MaxLength);

    private static Key<Option<long>> Capacity { get; } = Key.Maybe("kv-capacity", new KeyConverter<long>(
        static (string text, out long value) => long.TryParse(text, null, out value) && value >= 0,
        static value => value.ToString(null, null), "a number of bytes", "BYTES"),
        "The bytes that the names and values of the store in memory may take.");

    /// <summary>Makes all the changes, in order, or none.</summary>
    public Either<KvWriteError, Unit> Change(params IReadOnlyList<KvChange> changes)
    {
        if (Tree is not { } tree)
            return new KvWriteError.Read(new KvError.Disconnected());
        var now = time.GetUtcNow();
        foreach (var change in changes)
        {
            switch (Apply(tree, change, now).Case)
            {
                case KvTree changed:
                    tree = changed;
                    break;
                case KvWriteError error:
                    return error;
            }
        }

        Tree = tree;
        return Prelude.unit;
    }

    private Either<KvWriteError, KvTree> Apply(KvTree tree, KvChange change, DateTimeOffset now)
    {
        // What does not fit is not made first.
        if (change is KvChange.Allocate { Key: var key, Size: var size } && size > capacity
            && tree.Exists(key) == Option<KvKind>.None)
            return new KvWriteError.NoSpace(key);
        return tree.Apply(change, now).Bind(changed =>
            // What makes the store smaller, or no larger, is taken however full it is.
            changed.Bytes > capacity && changed.Bytes > tree.Bytes
                ? new KvWriteError.NoSpace(KvTreeChanges.Target(change))
                : Prelude.Right<KvWriteError, KvTree>(changed));
    }
}
