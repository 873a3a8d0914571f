using Xunit;

namespace Mirage.Testing;

/// <summary>What a store that can be full obeys, besides the laws of all stores. It has room for
/// <see cref="KvSamples.Content"/>, and at least 2 MB.</summary>
/// <typeparam name="TKv">The store under test.</typeparam>
public abstract class BoundedKvRwLaws<TKv> : KvRwLaws<TKv> where TKv : struct, IKvRw<TKv>
{
    private static readonly KvKey s_deep = KvKey.Parse("/b/c");

    private int Piece => (int)Math.Min(TooMuch / 16, 1 << 24);

    /// <summary>More bytes than the store can hold.</summary>
    protected abstract long TooMuch { get; }

    /// <summary>What cannot fit is not allocated, and nothing changes.</summary>
    [Fact]
    public void K21_AllocatingTooMuchIsRefused() => Check(async (run, kv) =>
    {
        var model = new KvModel();
        await KvSet.Set(run, kv, model, KvKey.Root / "a", [1]);
        foreach (var size in (long[])[TooMuch, long.MaxValue])
        {
            var answer = await run.Await($"Allocate {size} bytes at /b/c", () => TKv.Allocate(kv, s_deep, size));
            run.ExpectEqual($"{new KvWriteError.NoSpace(s_deep)}", LawText.Of(answer, static _ => "done"));
            await KvCheck<TKv>.Walk(run, kv, model);
        }
    }, cases: 1);

    /// <summary>A set for which there is no room changes nothing: what was there is there, and can be read, listed and
    /// removed, which makes room again.</summary>
    [Fact]
    public void K29_FullStoreKeepsWhatItHas() => Check(async (run, kv) =>
    {
        var model = new KvModel();
        await FillUp(run, kv, model);
        await KvCheck<TKv>.Walk(run, kv, model);
        var first = model.Values.First();
        await ExpectFull(run, kv, first, [.. model.Bytes(first), .. new byte[Piece * 2]]);
        await KvCheck<TKv>.Walk(run, kv, model);
        await Remove(run, kv, model, model.Values.Last());
        await KvSet.Set(run, kv, model, KvKey.Root / "new", [1, 2, 3]);
        await KvCheck<TKv>.Walk(run, kv, model);
    }, cases: 2);

    /// <summary>Filling and emptying again and again loses no room.</summary>
    [Fact]
    public void K30_FillingAndEmptyingLosesNoRoom() => Check(async (run, kv) =>
    {
        var held = -1;
        for (var round = 0; round < 20; round++)
        {
            var model = new KvModel();
            await FillUp(run, kv, model);
            var holds = model.Values.Count();
            run.Expect(held < 0 || holds >= held, $"room for {held} values, as before", $"room for {holds}");
            held = holds;
            await Remove(run, kv, model, KvKey.Root);
        }
    }, cases: 1);

    private async ValueTask FillUp(LawRun run, TKv kv, KvModel model)
    {
        var piece = KvSamples.Bytes(Piece, 5);
        for (var index = 0; ; index++)
        {
            var key = KvKey.Root / $"d{index % 2}" / $"{index:D4}";
            run.Step($"Set {key}, {piece.Length} bytes");
            var answer = await run.Await(() => TKv.Set(kv, key, piece));
            if (answer.IsLeft)
            {
                run.ExpectEqual($"{new KvWriteError.NoSpace(key)}", LawText.Of(answer, static _ => "done"));
                return;
            }

            model.Set(key, piece);
            run.Expect((index + 1L) * piece.Length <= TooMuch, "no space", "done");
        }
    }

    private static async ValueTask ExpectFull(LawRun run, TKv kv, KvKey key, byte[] bytes)
    {
        run.Step($"Set {key}, {bytes.Length} bytes");
        var answer = await run.Await(() => TKv.Set(kv, key, bytes));
        run.ExpectEqual($"{new KvWriteError.NoSpace(key)}", LawText.Of(answer, static _ => "done"));
    }

    private static async ValueTask Remove(LawRun run, TKv kv, KvModel model, KvKey key)
    {
        run.Step($"Remove {key}");
        run.ExpectValue(await run.Await(() => TKv.Remove(kv, key)), "done");
        model.Remove(key);
    }
}
