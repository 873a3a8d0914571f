using LanguageExt;

namespace Mirage.Net.Tests;

/// <summary>A store in memory whose values are computed byte by byte, so that a large one takes no room.</summary>
internal readonly struct TestKv(TestKv.Tree tree) : IKvRo<TestKv>
{
    private readonly Tree _tree = tree;

    public static Impl<TestKv> Impl => Mirage.Impl.Pure(default(TestKv));

    public static ValueTask<Either<KvError, Option<KvKind>>> Exists(TestKv kv, KvKey key) =>
        throw new NotSupportedException("A site learns from the size whether there is a value.");

    public static async ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Get(TestKv kv, KvKey key) =>
        await GetPartial(kv, key, 0, int.MaxValue);

    public static async ValueTask<Either<KvError, ReadOnlyMemory<byte>>> GetPartial(
        TestKv kv, KvKey key, long offset, int length)
    {
        await Task.Yield();
        kv._tree.LongestRead = Math.Max(kv._tree.LongestRead, length);
        return Find(kv, key).Map(file => (ReadOnlyMemory<byte>)Enumerable
            .Range(0, (int)Math.Min(length, Math.Max(0, file.Size - offset)))
            .Select(index => file.At(offset + index)).ToArray());
    }

    public static ValueTask<Either<KvError, IReadOnlyList<(KvKey Key, KvKind Kind)>>> List(TestKv kv, KvKey key) =>
        throw new NotSupportedException("A site lists nothing.");

    public static ValueTask<Either<KvError, DateTimeOffset>> LastModified(TestKv kv, KvKey key) =>
        new(Find(kv, key).Map(file => file.Modified));

    public static ValueTask<Either<KvError, ReadOnlyMemory<byte>>> Digest(TestKv kv, KvKey key)
    {
        kv._tree.Digests++;
        return new(Find(kv, key).Map(file => (ReadOnlyMemory<byte>)new byte[] { (byte)file.Size, file.At(0) }));
    }

    public static ValueTask<Either<KvError, long>> Size(TestKv kv, KvKey key) =>
        new(Find(kv, key).Map(file => file.Size));

    private static Either<KvError, File> Find(TestKv kv, KvKey key)
    {
        if (kv._tree.Broken)
            return new KvError.Storage(key, "planted");
        if (kv._tree.Files.TryGetValue(key, out var file))
            return file;
        return kv._tree.Files.Keys.Any(key.IsPrefixOf) ? new KvError.ValueExpected(key) : new KvError.NotFound(key);
    }

    internal sealed record File(long Size, Func<long, byte> At, DateTimeOffset Modified);

    internal sealed class Tree
    {
        public Dictionary<KvKey, File> Files { get; } = [];

        public bool Broken { get; set; }

        public int LongestRead { get; set; }

        public int Digests { get; set; }

        public void Add(string key, string text) =>
            Files[KvKey.Parse(key)] =
                new(text.Length, index => (byte)text[(int)index], new(2025, 6, 1, 12, 0, 0, 500, TimeSpan.Zero));
    }
}
