using FsCheck;
using FsCheck.Fluent;
using LanguageExt;

namespace Mirage.Testing;

/// <summary>Batches of few changes, which meet, each with what the model makes of it.</summary>
internal static class KvChanges<TKv> where TKv : struct, IKvBatch<TKv>
{
    private const int ChangesMax = 5;

    public static Gen<LawOperation<TKv, KvModel>> Batches { get; } =
        from count in Gen.Choose(0, ChangesMax)
        from changes in Gen.ArrayOf(Change(), count)
        select (LawOperation<TKv, KvModel>)new Batch(changes);

    private static Gen<KvChange> Change() => Gen.Frequency(
        (4, Bytes().SelectMany(static bytes => KvOperations<TKv>.Keys.Select(
            key => (KvChange)new KvChange.Set(key, bytes)))),
        (2, Bytes().SelectMany(static bytes => Gen.Choose(0, 40).SelectMany(offset => KvOperations<TKv>.Keys.Select(
            key => (KvChange)new KvChange.SetPartial(key, offset, bytes))))),
        (1, KvOperations<TKv>.Keys.Select(static key => (KvChange)new KvChange.Remove(key))),
        (2, KvOperations<TKv>.Keys.SelectMany(static source => KvOperations<TKv>.Keys.Select(
            destination => (KvChange)new KvChange.Rename(source, destination)))),
        (1, Gen.Choose(0, 50).SelectMany(static size => KvOperations<TKv>.Keys.Select(
            key => (KvChange)new KvChange.Allocate(key, size)))),
        (1, Gen.Elements<KvCondition>(new KvCondition.Absent(), new KvCondition.Present()).SelectMany(
            static condition => KvOperations<TKv>.Keys.Select(
                key => (KvChange)new KvChange.Require(key, condition)))));

    private static Gen<ReadOnlyMemory<byte>> Bytes() =>
        from length in Gen.Choose(0, 30)
        from seed in Gen.Choose(1, 9)
        select (ReadOnlyMemory<byte>)KvOperations<TKv>.Bytes(length, seed);

    private sealed record Batch(KvChange[] Changes) : LawOperation<TKv, KvModel>
    {
        public override string Text => $"A batch: {string.Join(", ", Changes.Select(static change => $"{change}"))}";

        public override async ValueTask Run(LawRun run, TKv device, KvModel model)
        {
            var seen = await run.Await(() => TKv.Batch(device, Changes));
            run.ExpectEqual(model.Batch(Changes)?.ToString() ?? "done", LawText.Of(seen, static _ => "done"));
        }

        public override IEnumerable<LawOperation<TKv, KvModel>> Shrink() => Enumerable.Range(0, Changes.Length)
            .Select(index => new Batch([.. Changes[..index], .. Changes[(index + 1)..]]));
    }
}
