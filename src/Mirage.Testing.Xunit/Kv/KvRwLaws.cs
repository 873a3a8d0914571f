using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Mirage.Testing;

/// <summary>What a store that is read and written obeys: the laws of reading, with content that was set before, and
/// those of writing, against a model. The store is empty when it is connected.</summary>
/// <typeparam name="TKv">The store under test.</typeparam>
public abstract partial class KvRwLaws<TKv> : KvRoLaws<TKv> where TKv : struct, IKvRw<TKv>
{
    /// <summary>Between two looks at what goes on.</summary>
    private protected static TimeSpan Glance { get; } = TimeSpan.FromMilliseconds(1);

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<KvKey, byte[]> Content => KvSamples.Content;

    /// <summary>A disconnected store says so, whatever it is to change.</summary>
    [Fact]
    public void D3_WritesAfterDisconnectAreErrors() => CheckAfterDisconnect($"{new KvError.Disconnected()}",
    [
        ("Set /a", static async kv => LawText.Of(await TKv.Set(kv, KvKey.Root / "a", new byte[1]), static _ => "done")),
        ("Set /a from a pipe", static async kv =>
            LawText.Of(await KvStreams.Write(kv, KvKey.Root / "a", new byte[1], 1), static _ => "done")),
        ("Set /a if nothing is there", static async kv => LawText.Of(
            await TKv.SetIf(kv, KvKey.Root / "a", new KvCondition.Absent(), new byte[1]), static _ => "done")),
        ("Flush", static async kv => LawText.Of(await TKv.Flush(kv), static _ => "done")),
        ("Set a part of /a", static async kv =>
            LawText.Of(await TKv.SetPartial(kv, KvKey.Root / "a", 0, new byte[1]), static _ => "done")),
        ("Remove /a", static async kv => LawText.Of(await TKv.Remove(kv, KvKey.Root / "a"), static _ => "done")),
        ("Rename /a to /b", static async kv =>
            LawText.Of(await TKv.Rename(kv, KvKey.Root / "a", KvKey.Root / "b"), static _ => "done")),
        ("Allocate 1 byte at /a",
            static async kv => LawText.Of(await TKv.Allocate(kv, KvKey.Root / "a", 1), static _ => "done")),
    ]);

    /// <summary>What was set is what is there, of every length.</summary>
    [Fact]
    public void K4_SetThenGetGivesTheBytes() => Check(async (run, kv) =>
    {
        var model = new KvModel();
        foreach (var length in (int[])[0, 1, 511, 512, 513, 4095, 4096, 4097, 1024 * 1024])
        {
            var key = KvKey.Root / $"{length}";
            await KvSet.Set(run, kv, model, key, KvSamples.Bytes(length, run.Seed));
            await KvCheck<TKv>.Get(run, kv, model, key);
        }

        await KvCheck<TKv>.Walk(run, kv, model);
    }, cases: 2);

    /// <summary>A value is what the bytes were when it was set: what becomes of the buffer changes nothing.</summary>
    [Fact]
    public void K4_SetTakesACopy() => Check(async (run, kv) =>
    {
        var (model, key, buffer) = (new KvModel(), KvKey.Root / "a", KvSamples.Bytes(700, 1));
        await KvSet.Set(run, kv, model, key, [.. buffer], buffer);
        run.Step("Overwrite the buffer");
        Array.Fill(buffer, (byte)0xEE);
        await KvCheck<TKv>.Get(run, kv, model, key);
        var part = KvSamples.Bytes(10, 2);
        run.Step("Set 10 bytes of /a from byte 5 on");
        run.ExpectValue(await run.Await(() => TKv.SetPartial(kv, key, 5, part)), "done");
        model.SetPartial(key, 5, [.. part]);
        run.Step("Overwrite the buffer");
        Array.Fill(part, (byte)0xEE);
        await KvCheck<TKv>.Get(run, kv, model, key);
    }, cases: 1);

    /// <summary>The last set wins, dictionaries on the way are made, and what cannot be set is refused.</summary>
    [Fact]
    public void K6_SetsAgreeWithTheModel() => CheckWrites(
        Gen.Frequency((2, KvOperations<TKv>.Sets), (1, KvOperations<TKv>.Streams)));

    /// <summary>A set leaves the bytes, the digest and the time of every other value.</summary>
    [Fact]
    public void K7_SetLeavesTheOthers() => Check(async (run, kv) =>
    {
        var model = new KvModel();
        KvKey[] keys = [KvKey.Parse("/a/b"), KvKey.Parse("/a/bc"), KvKey.Parse("/ab"), KvKey.Parse("/a/c/d")];
        foreach (var key in keys)
            await KvSet.Set(run, kv, model, key, KvSamples.Bytes(20, (ulong)key.Names.Length));
        var before = await Facts(run, kv, model, keys[1..]);
        run.Step("Wait 3 s");
        await run.Await(async () => await PassTime(run.Host));
        await KvSet.Set(run, kv, model, keys[0], KvSamples.Bytes(30, 7));
        run.ExpectEqual(before, await Facts(run, kv, model, keys[1..]));
        await KvCheck<TKv>.Walk(run, kv, model);
    }, cases: 1);

    /// <summary>A partial set overwrites, extends, appends from past the end, and makes a value where none
    /// is.</summary>
    [Fact]
    public void K11_PartialSetsAgreeWithTheModel() => CheckWrites(
        Gen.Frequency((1, KvOperations<TKv>.Sets), (3, KvOperations<TKv>.PartialSets)));

    /// <summary>Removing takes what lies below a key and nothing else, not what only begins with its letters.</summary>
    [Fact]
    public void K17_RemoveTakesWhatLiesBelowAlone() => CheckWrites(
        Gen.Frequency((3, KvOperations<TKv>.Sets), (1, KvOperations<TKv>.Removes)));

    /// <summary>A rename takes everything from one place to the other, or is refused and takes nothing.</summary>
    [Fact]
    public void K19_RenamesAgreeWithTheModel() => CheckWrites(
        Gen.Frequency((3, KvOperations<TKv>.Sets), (2, KvOperations<TKv>.Renames)));

    /// <summary>While a rename goes on, what it moves is in one of the two places: never in none, never in
    /// both.</summary>
    [Fact]
    public void K19_RenameIsSeenAsOne() => Check(async (run, kv) =>
    {
        var (model, source, destination) = (new KvModel(), KvKey.Parse("/from/a"), KvKey.Parse("/to/b"));
        await KvSet.Set(run, kv, model, source, KvSamples.Bytes(5000, run.Seed));
        run.Step($"Begin to rename {source} to {destination}");
        var rename = run.Call(() => TKv.Rename(kv, source, destination)).AsTask();
        bool isDone;
        do
        {
            isDone = rename.IsCompleted;
            var (isAtSource, isAtDestination) = (await IsThere(source), await IsThere(destination));
            run.Expect(isAtSource || isAtDestination, $"{destination} once {source} is gone", "neither is there");
            (isAtDestination, isAtSource) = (await IsThere(destination), await IsThere(source));
            run.Expect(!isAtDestination || !isAtSource, $"no {source} once {destination} is there", "both are there");
            if (!isDone)
                await run.Await(async () => await Task.WhenAny(rename, Task.Delay(Glance, run.Host.Time)));
        }
        while (!isDone);
        run.ExpectValue(await run.Await(async () => await rename), "done");

        async Task<bool> IsThere(KvKey key)
        {
            run.Look($"Ask whether {key} exists");
            return run.ExpectValue(await run.Await(() => TKv.Exists(kv, key)), "an answer").IsSome;
        }
    }, cases: 20);

    /// <summary>What is allocated is zeros and can be written; what is there already is left alone.</summary>
    [Fact]
    public void K21_AllocationsAgreeWithTheModel() => CheckWrites(Gen.Frequency((1, KvOperations<TKv>.Sets),
        (2, KvOperations<TKv>.Allocates), (1, KvOperations<TKv>.PartialSets)));

    /// <summary>A value has the time at which it was set, to two seconds.</summary>
    [Fact]
    public void K22_TimeOfAValueIsWhenItWasSet() => Check(async (run, kv) =>
    {
        var (model, key) = (new KvModel(), KvKey.Root / "a");
        var last = DateTimeOffset.MinValue;
        for (var round = 0; round < 2; round++)
        {
            var before = run.Host.Time.GetUtcNow() - s_timeGrain;
            await KvSet.Set(run, kv, model, key, KvSamples.Bytes(round + 1, 1));
            var after = run.Host.Time.GetUtcNow() + s_timeGrain;
            var modified = await KvCheck<TKv>.LastModified(run, kv, model, key) ?? default;
            run.Expect(modified >= before && modified <= after, $"{before:O} to {after:O}", $"{modified:O}");
            run.Expect(modified >= last, $"{last:O} or later", $"{modified:O}");
            last = modified;
            run.Step("Wait 3 s");
            await run.Await(async () => await PassTime(run.Host));
        }
    }, cases: 1);

    /// <summary>Any operations, in any order, leave what they leave in the model.</summary>
    [Fact]
    public void K0_AllOperationsAgreeWithTheModel() => CheckWrites(Gen.Frequency((6, KvOperations<TKv>.Sets),
        (3, KvOperations<TKv>.PartialSets), (2, KvOperations<TKv>.Removes), (3, KvOperations<TKv>.Renames),
        (2, KvOperations<TKv>.Allocates), (2, KvOperations<TKv>.ConditionalSets), (1, KvOperations<TKv>.Streams),
        (1, KvOperations<TKv>.Flushes)));

    /// <summary>Makes some time pass that a store's times must show; on a real host it may be none.</summary>
    protected virtual async ValueTask PassTime(Host host) => await Task.Delay(TimeSpan.FromSeconds(3), host.Time);

    /// <inheritdoc/>
    protected override async ValueTask Fill(TKv kv)
    {
        foreach (var (key, bytes) in Content)
        {
            if (await TKv.Set(kv, key, bytes) is { IsLeft: true } refusal)
                throw new InvalidOperationException($"{key} cannot be set: {LawText.Of(refusal, static _ => "")}.");
        }
    }

    private protected static async Task<string> Facts(LawRun run, TKv kv, KvModel model, IEnumerable<KvKey> keys)
    {
        var facts = new List<string>();
        foreach (var key in keys)
            facts.Add($"{key}: digest {await KvCheck<TKv>.Digest(run, kv, model, key)}, "
                + $"modified {await KvCheck<TKv>.LastModified(run, kv, model, key):O}");
        return string.Join("; ", facts);
    }

    private void CheckWrites(Gen<LawOperation<TKv, KvModel>> operations,
        [CallerMemberName] string name = "") => CheckOperations(operations,
            static () => new KvModel(), static (run, kv, model) => KvCheck<TKv>.Walk(run, kv, model), name: name);
}
