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

    public static Gen<LawOperation<TKv, KvModel>> Streams { get; } =
        from key in Keys
        from length in Gen.Choose(0, 3000)
        from piece in Gen.Choose(1, 1500)
        select (LawOperation<TKv, KvModel>)new Stream(key, length, piece);

    public static Gen<LawOperation<TKv, KvModel>> ConditionalSets { get; } =
        from key in Keys
        from length in Gen.Choose(0, 30)
        from when in Gen.Elements(Enum.GetValues<When>())
        select (LawOperation<TKv, KvModel>)new SetIf(key, length, when);

    public static Gen<LawOperation<TKv, KvModel>> Flushes { get; } =
        Gen.Constant<LawOperation<TKv, KvModel>>(new Flush());

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

    private sealed record Stream(KvKey Key, int Length, int Piece) : LawOperation<TKv, KvModel>
    {
        public override string Text => $"Set {Key} from a pipe, {Length} bytes in pieces of {Piece}";

        public override async ValueTask Run(LawRun run, TKv device, KvModel model)
        {
            var bytes = Bytes(Length, Piece);
            Expect(run, model.Set(Key, bytes), await run.Await(() => KvStreams.Write(device, Key, bytes, Piece)));
        }

        public override IEnumerable<LawOperation<TKv, KvModel>> Shrink() =>
        [
            .. Simpler(Key).Select(key => this with { Key = key }),
            .. Length > 1 ? (Stream[])[this with { Length = 1 }, this with { Length = Length / 2 }] : [],
        ];
    }

    private enum When
    {
        Absent,
        Present,
        DigestIsThis,
        DigestIsAnother,
    }

    private sealed record SetIf(KvKey Key, int Length, When When) : LawOperation<TKv, KvModel>
    {
        public override string Text => $"Set {Key} if {When}, {Length} bytes";

        public override async ValueTask Run(LawRun run, TKv device, KvModel model)
        {
            var bytes = Bytes(Length, 1);
            var there = (await run.Await(() => TKv.Digest(device, Key))).IfLeft(new byte[16]).ToArray();
            there[0] ^= (byte)(When is When.DigestIsAnother ? 1 : 0);
            KvCondition condition = When switch
            {
                When.Absent => new KvCondition.Absent(),
                When.Present => new KvCondition.Present(),
                _ => new KvCondition.DigestEquals(there),
            };
            var holds = When switch
            {
                When.Absent => model.Kind(Key) is null,
                When.DigestIsAnother => false,
                _ => model.Kind(Key) is KvKind.Value,
            };
            Expect(run, holds ? model.Set(Key, bytes) : new KvWriteError.ConditionFailed(Key),
                await run.Await(() => TKv.SetIf(device, Key, condition, bytes)));
        }

        public override IEnumerable<LawOperation<TKv, KvModel>> Shrink() =>
        [
            .. Simpler(Key).Select(key => this with { Key = key }),
            .. Length > 1 ? (SetIf[])[this with { Length = 1 }] : [],
        ];
    }

    private sealed record Flush : LawOperation<TKv, KvModel>
    {
        public override string Text => "Flush";

        public override async ValueTask Run(LawRun run, TKv device, KvModel model) =>
            Expect(run, null, await run.Await(() => TKv.Flush(device)));

        public override IEnumerable<LawOperation<TKv, KvModel>> Shrink() => [];
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
