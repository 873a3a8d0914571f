namespace Mirage.Testing;

/// <summary>Sets that must be taken, in the store and in the model.</summary>
internal static class KvSet
{
    public static ValueTask Set<TKv>(LawRun run, TKv kv, KvModel model, KvKey key, byte[] bytes)
        where TKv : struct, IKvRw<TKv> => Set(run, kv, model, key, bytes, bytes);

    /// <summary>A set whose buffer somebody changes afterwards.</summary>
    public static async ValueTask Set<TKv>(
        LawRun run, TKv kv, KvModel model, KvKey key, byte[] bytes, ReadOnlyMemory<byte> buffer)
        where TKv : struct, IKvRw<TKv>
    {
        model.Set(key, bytes);
        run.Step($"Set {key}, {bytes.Length} bytes");
        run.ExpectValue(await run.Await(() => TKv.Set(kv, key, buffer)), "done");
    }
}
