using LanguageExt;

namespace Mirage.Storage;

/// <summary>A store in memory: a write puts another tree in the place of the one before.</summary>
internal sealed class MemoryStore(TimeProvider time, long capacity) : TreeStore(KvTree.Empty)
{
    public static Impl<MemoryStore> Impl =>
        (Mirage.Impl.BootHost, Capacity).Apply(
            static (host, capacity) => new MemoryStore(host.Time, capacity.IfNone(long.MaxValue)));

    private static Key<Option<long>> Capacity { get; } = Key.Maybe("kv-capacity", new KeyConverter<long>(
        static (string text, out long value) => long.TryParse(text, null, out value) && value >= 0,
        static value => value.ToString(null, null), "a number of bytes", "BYTES"),
        "The bytes that the names and values of the store in memory may take.");

    public Either<KvWriteError, Unit> Set(KvKey key, ReadOnlyMemory<byte> value) =>
        Write(key, tree => tree.Set(key, value, time.GetUtcNow()));

    public Either<KvWriteError, Unit> SetPartial(KvKey key, long offset, ReadOnlyMemory<byte> value) =>
        Write(key, tree => tree.SetPartial(key, offset, value, time.GetUtcNow()));

    public Either<KvWriteError, Unit> Remove(KvKey key) => Write(key, tree => tree.Remove(key));

    public Either<KvWriteError, Unit> Rename(KvKey source, KvKey destination) =>
        Write(destination, tree => tree.Rename(source, destination));

    public Either<KvWriteError, Unit> Allocate(KvKey key, long size) => Write(key, tree =>
        // What does not fit is not made first.
        size > capacity && tree.Exists(key) == Option<KvKind>.None
            ? new KvWriteError.NoSpace(key)
            : tree.Allocate(key, size, time.GetUtcNow()));

    private Either<KvWriteError, Unit> Write(KvKey key, Func<KvTree, Either<KvWriteError, KvTree>> change)
    {
        if (Tree is not { } tree)
            return new KvWriteError.Read(new KvError.Disconnected());
        return change(tree).Bind(changed =>
        {
            // What makes the store smaller, or no larger, is taken however full it is.
            if (changed.Bytes > capacity && changed.Bytes > tree.Bytes)
                return new KvWriteError.NoSpace(key);
            Tree = changed;
            return Prelude.Right<KvWriteError, Unit>(Prelude.unit);
        });
    }
}
