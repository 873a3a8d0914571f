using System.Buffers.Binary;
using FsCheck.Fluent;
using LanguageExt;
using Xunit;

namespace Mirage.Testing;

/// <content>Sets that are bound to what is there.</content>
public abstract partial class KvRwLaws<TKv>
{
    private const int AtOnce = 8;

    /// <summary>A conditional set sets when its condition holds, and else changes nothing.</summary>
    [Fact]
    public void K34_ConditionalSetsAgreeWithTheModel() => CheckWrites(Gen.Frequency(
        (2, KvOperations<TKv>.Sets), (3, KvOperations<TKv>.ConditionalSets), (1, KvOperations<TKv>.Removes)));

    /// <summary>Of sets at once that make a value where none is, one makes it.</summary>
    [Fact]
    public void K34_OneOfTheSetsAtOnceFindsTheKeyAbsent() => Check(async (run, kv) =>
    {
        var (model, key) = (new KvModel(), KvKey.Parse("/a/b"));
        byte[][] values = [.. Enumerable.Range(1, AtOnce).Select(index => KvSamples.Bytes(9 * index, (ulong)index))];
        run.Step($"Set {key} {AtOnce} times at once, if nothing is there");
        var sets = values.Select(value => TKv.SetIf(kv, key, new KvCondition.Absent(), value).AsTask()).ToArray();
        var outcomes = await run.Await(async () => await Task.WhenAll(sets));
        run.ExpectEqual(1, outcomes.Count(static outcome => outcome.IsRight));
        foreach (var outcome in outcomes.Where(static outcome => outcome.IsLeft))
            run.ExpectEqual($"{new KvWriteError.ConditionFailed(key)}", LawText.Of(outcome, static _ => "done"));
        model.Set(key, values[Array.FindIndex(outcomes, static outcome => outcome.IsRight)]);
        await KvCheck<TKv>.Walk(run, kv, model);
    }, cases: 3);

    /// <summary>Whoever reads a number, sets one more if it is as it was, and begins again if it is not, is
    /// counted.</summary>
    [Fact]
    public void K34_NoCountIsLost() => Check(async (run, kv) =>
    {
        var (model, key) = (new KvModel(), KvKey.Root / "count");
        await KvSet.Set(run, kv, model, key, new byte[sizeof(int)]);
        run.Step($"Count in {key} {AtOnce} times at once");
        await run.Await(async () => await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Count(run, kv, key))));
        model.Set(key, Number(AtOnce));
        await KvCheck<TKv>.Walk(run, kv, model);
    }, cases: 3);

    private static async Task Count(LawRun run, TKv kv, KvKey key)
    {
        while (true)
        {
            // The digest first: bytes that are newer than it fail the condition.
            var digest = run.ExpectValue(await TKv.Digest(kv, key), "a digest");
            var bytes = run.ExpectValue(await TKv.Get(kv, key), "a number");
            var next = BinaryPrimitives.ReadInt32LittleEndian(bytes.Span) + 1;
            Either<KvWriteError, Unit> outcome =
                await TKv.SetIf(kv, key, new KvCondition.DigestEquals(digest), Number(next));
            if (outcome.IsRight)
                return;
            run.ExpectEqual($"{new KvWriteError.ConditionFailed(key)}", LawText.Of(outcome, static _ => "done"));
        }
    }

    private static byte[] Number(int number)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return bytes;
    }
}
