using FsCheck.Fluent;
using Xunit;

namespace Mirage.Testing;

/// <summary>What a store that makes several changes as one obeys, besides the laws of all stores.</summary>
/// <typeparam name="TKv">The store under test.</typeparam>
public abstract class KvBatchLaws<TKv> : KvRwLaws<TKv> where TKv : struct, IKvBatch<TKv>
{
    private const int Versions = 12;

    /// <summary>A disconnected store says so to a batch, also to an empty one.</summary>
    [Fact]
    public void D3_BatchAfterDisconnectIsAnError() => CheckAfterDisconnect($"{new KvError.Disconnected()}",
    [
        ("An empty batch", static async kv => LawText.Of(await TKv.Batch(kv, []), static _ => "done")),
        ("A batch that removes /a", static async kv =>
            LawText.Of(await TKv.Batch(kv, [new KvChange.Remove(KvKey.Root / "a")]), static _ => "done")),
    ]);

    /// <summary>A batch does all that its changes do, in order, or is refused for the first that is refused and does
    /// nothing.</summary>
    [Fact]
    public void K33_BatchesAgreeWithTheModel() => CheckOperations(
        Gen.Frequency((1, KvOperations<TKv>.Sets), (3, KvChanges<TKv>.Batches)),
        static () => new KvModel(), static (run, kv, model) => KvCheck<TKv>.Walk(run, kv, model));

    /// <summary>A batch that is refused at its last change leaves bytes, digests and times as they were.</summary>
    [Fact]
    public void K33_RefusedBatchLeavesNoTrace() => Check(async (run, kv) =>
    {
        var (model, stale) = (new KvModel(), KvKey.Parse("/stale"));
        KvKey[] keys = [KvKey.Parse("/a/b"), KvKey.Parse("/a/c"), stale];
        foreach (var key in keys)
            await KvSet.Set(run, kv, model, key, KvSamples.Bytes(20, (ulong)key.Names.Length));
        var before = await Facts(run, kv, model, keys);
        run.Step("Wait 3 s");
        await run.Await(async () => await PassTime(run.Host));
        var digest = run.ExpectValue(await run.Await(() => TKv.Digest(kv, keys[0])), "a digest");
        var answer = await run.Await($"A batch of everything that requires the digest of /a/b at {stale}, at its end",
            () => TKv.Batch(kv,
            [
                new KvChange.Require(keys[0], new KvCondition.DigestEquals(digest)),
                new KvChange.Set(keys[0], new byte[5]), new KvChange.SetPartial(keys[1], 5, new byte[50]),
                new KvChange.Allocate(KvKey.Parse("/d/e"), 9), new KvChange.Rename(KvKey.Parse("/a"), KvKey.Parse("/z")),
                new KvChange.Remove(KvKey.Parse("/z/c")),
                new KvChange.Require(stale, new KvCondition.DigestEquals(digest)),
            ]));
        run.ExpectEqual($"{new KvWriteError.ConditionFailed(stale)}", LawText.Of(answer, static _ => "done"));
        run.ExpectEqual(before, await Facts(run, kv, model, keys));
        await KvCheck<TKv>.Walk(run, kv, model);
    }, cases: 1);

    /// <summary>The bytes of a batch are the caller's again when it has completed.</summary>
    [Fact]
    public void K33_BatchTakesACopy() => Check(async (run, kv) =>
    {
        var (model, key, buffer) = (new KvModel(), KvKey.Root / "a", KvSamples.Bytes(700, 1));
        model.Set(key, [.. buffer]);
        model.SetPartial(key, 5, [.. buffer]);
        run.Step("A batch that sets /a, and again from byte 5 on");
        run.ExpectValue(await run.Await(() => TKv.Batch(kv,
            [new KvChange.Set(key, buffer), new KvChange.SetPartial(key, 5, buffer)])), "done");
        run.Step("Overwrite the buffer");
        Array.Fill(buffer, (byte)0xEE);
        await KvCheck<TKv>.Get(run, kv, model, key);
    }, cases: 1);

    /// <summary>Whoever reads one value and then another sees no batch that only the first is of, in whichever order
    /// the batch has them.</summary>
    [Fact]
    public void K33_BatchIsSeenAsOne() => Check(async (run, kv) =>
    {
        KvKey[] keys = [KvKey.Parse("/a"), KvKey.Parse("/b/c")];
        await Batch(run, kv, keys, 0);
        var writing = WriteAll();
        bool isDone;
        do
        {
            isDone = writing.IsCompleted;
            foreach (var (first, second) in ((KvKey, KvKey)[])[(keys[0], keys[1]), (keys[1], keys[0])])
            {
                var (older, newer) = (await Version(run, kv, first), await Version(run, kv, second));
                run.Expect(newer >= older, $"version {older} of {second}, or a later one", $"version {newer}");
            }

            if (!isDone)
                await run.Await(async () => await Task.WhenAny(writing, Task.Delay(Glance, run.Host.Time)));
        }
        while (!isDone);
        await run.Await(async () => await writing);

        async Task WriteAll()
        {
            for (var version = 1; version <= Versions; version++)
                await Batch(run, kv, keys, version);
        }
    }, cases: 5);

    /// <summary>Of batches at once one is the last: what it set is there, all of it.</summary>
    [Fact]
    public void K33_BatchesAtOnceDoNotMix() => Check(async (run, kv) =>
    {
        KvKey[] keys = [KvKey.Parse("/a"), KvKey.Parse("/b/c"), KvKey.Parse("/b/d")];
        run.Step($"{Versions} batches at once");
        await run.Await(async () => await Task.WhenAll(
            Enumerable.Range(1, Versions).Select(version => Batch(run, kv, keys, version))));
        var first = await Version(run, kv, keys[0]);
        foreach (var key in keys)
            run.ExpectEqual(first, await Version(run, kv, key));
    }, cases: 3);

    private static async Task Batch(LawRun run, TKv kv, KvKey[] keys, int version) => run.ExpectValue(
        await TKv.Batch(kv, [.. keys.Select(key => new KvChange.Set(key, new[] { (byte)version }))]), "done");

    private static async ValueTask<int> Version(LawRun run, TKv kv, KvKey key)
    {
        run.Look($"Get {key}");
        var bytes = run.ExpectValue(await run.Await(() => TKv.Get(kv, key)), "a version");
        run.ExpectEqual(1, bytes.Length);
        return bytes.Span[0];
    }
}
