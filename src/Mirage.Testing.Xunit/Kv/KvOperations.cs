using FsCheck;
using FsCheck.Fluent;
using LanguageExt;

namespace Mirage.Testing;

/// <summary>Operations on a store that is written, each with what the model makes of it.</summary>
internal static class KvOperations<TKv> where TKv : struct, IKvRw<TKv>
{
    private static readonly string[] s_names = ["a", "ab", "b", "a.b"];

    /// <summary>Few keys, so that operations meet: at most three names deep, some the beginnings of others.</summary>
    public static Gen<KvKey> Keys { get; } = Gen.Frequency(
        (1, Gen.Constant(KvKey.Root)),
        (12, Gen.Choose(1, 3).SelectMany(depth => Gen.ArrayOf(Gen.Elements(s_names), depth))
            .Select(names => names.Aggregate(KvKey.Root, static (key, name) => key / name))));

    public static Gen<LawOperation<TKv, KvModel>> Sets { get; } =
        from key in Keys
        from length in Gen.Choose(0, 30)
        from seed in Gen.Choose(1, 9)
        select (LawOperation<TKv, KvModel>)new Set(key, length, seed);

    public static Gen<LawOperation<TKv, KvModel>> PartialSets { get; } =
        from key in Keys
        from offset in Gen.Choose(0, 40)
        from length in Gen.Choose(0, 30)
        from seed in Gen.Choose(1, 9)
        select (LawOperation<TKv, KvModel>)new SetPartial(key, offset, length, seed);

    public static Gen<LawOperation<TKv, KvModel>> Removes { get; } =
        Keys.Select(static key => (LawOperation<TKv, KvModel>)new Remove(key));

    public static Gen<LawOperation<TKv, KvModel>> Renames { get; } =
        from source in Keys
        from destination in Keys
        select (LawOperation<TKv, KvModel>)new Rename(source, destination);

    public static Gen<LawOperation<TKv, KvModel>> Allocates { get; } =
        from key in Keys
        from size in Gen.Choose(0, 50)
        select (LawOperation<TKv, KvModel>)new Allocate(key, size);

    /// <summary>The bytes that a set with these numbers sets.</summary>
    public static byte[] Bytes(int length, int seed) => KvSamples.Bytes(length, (ulong)seed);

    private static void Expect(LawRun run, KvWriteError? expected, Either<KvWriteError, Unit> seen) =>
        run.ExpectEqual(expected?.ToString() ?? "done", LawText.Of(seen, static _ => "done"));

    private static IEnumerable<KvKey> Simpler(KvKey key) => key.Names.Length > 1 ? [key.Parent] : [];

    private sealed record Set(KvKey Key, int Length, int Seed) : LawOperation<TKv, KvModel>
    {
        public override string Text => $"Set {Key}, {Length} bytes, pattern {Seed}";

        public override async ValueTask Run(LawRun run, TKv device, KvModel model)
        {
            var bytes = Bytes(Length, Seed);
            Expect(run, model.Set(Key, bytes), await run.Await(() => TKv.Set(device, Key, bytes)));
        }

        public override IEnumerable<LawOperation<TKv, KvModel>> Shrink() =>
        [
            .. Simpler(Key).Select(key => this with { Key = key }),
            .. Length > 1 ? (Set[])[this with { Length = 1 }, this with { Length = Length / 2 }] : [],
            .. Seed > 1 ? (Set[])[this with { Seed = 1 }] : [],
        ];
    }

    private sealed record SetPartial(KvKey Key, int Offset, int Length, int Seed) : LawOperation<TKv, KvModel>
    {
        public override string Text => $"Set {Length} bytes of {Key} from byte {Offset} on, pattern {Seed}";

        public override async ValueTask Run(LawRun run, TKv device, KvModel model)
        {
            var bytes = Bytes(Length, Seed);
            Expect(run, model.SetPartial(Key, Offset, bytes),
                await run.Await(() => TKv.SetPartial(device, Key, Offset, bytes)));
        }

        public override IEnumerable<LawOperation<TKv, KvModel>> Shrink() =>
        [
            .. Simpler(Key).Select(key => this with { Key = key }),
            .. Length > 1 ? (SetPartial[])[this with { Length = 1 }, this with { Length = Length / 2 }] : [],
            .. Offset > 0 ? (SetPartial[])[this with { Offset = 0 }, this with { Offset = Offset - 1 }] : [],
        ];
    }

    private sealed record Remove(KvKey Key) : LawOperation<TKv, KvModel>
    {
        public override string Text => $"Remove {Key}";

        public override async ValueTask Run(LawRun run, TKv device, KvModel model)
        {
            model.Remove(Key);
            Expect(run, null, await run.Await(() => TKv.Remove(device, Key)));
        }

        public override IEnumerable<LawOperation<TKv, KvModel>> Shrink() =>
            Simpler(Key).Select(static key => new Remove(key));
    }

    private sealed record Rename(KvKey Source, KvKey Destination) : LawOperation<TKv, KvModel>
    {
        public override string Text => $"Rename {Source} to {Destination}";

        public override async ValueTask Run(LawRun run, TKv device, KvModel model) => Expect(run,
            model.Rename(Source, Destination), await run.Await(() => TKv.Rename(device, Source, Destination)));

        public override IEnumerable<LawOperation<TKv, KvModel>> Shrink() =>
        [
            .. Simpler(Source).Select(key => this with { Source = key }),
            .. Simpler(Destination).Select(key => this with { Destination = key }),
        ];
    }

    private sealed record Allocate(KvKey Key, int Size) : LawOperation<TKv, KvModel>
    {
        public override string Text => $"Allocate {Size} bytes at {Key}";

        public override async ValueTask Run(LawRun run, TKv device, KvModel model) =>
            Expect(run, model.Allocate(Key, Size), await run.Await(() => TKv.Allocate(device, Key, Size)));

        public override IEnumerable<LawOperation<TKv, KvModel>> Shrink() =>
            Size > 1 ? [this with { Size = 1 }, this with { Size = Size / 2 }] : [];
    }
}
