using LanguageExt;
using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>Power cuts at every write and flush of every short script: the store is as before or after the operation
/// that was under way, and what was acknowledged is there.</summary>
public sealed class CowKvCrashTests
{
    private static readonly KvKey s_a = KvKey.Parse("/a"), s_b = KvKey.Parse("/d/b"), s_c = KvKey.Parse("/e/c");

    // Small and large values, replaced, spliced, moved and removed: what shares pages and what does not.
    private static readonly KvChange[] s_changes =
    [
        new KvChange.Set(s_a, KvSamples.Bytes(20, 1)),
        new KvChange.Set(s_a, KvSamples.Bytes(5000, 2)),
        new KvChange.SetPartial(s_a, 3000, KvSamples.Bytes(40_000, 3)),
        new KvChange.Rename(s_a, s_b),
        new KvChange.Remove(KvKey.Parse("/d")),
    ];

    public static TheoryData<int, int> Scripts { get; } = [];

    static CowKvCrashTests()
    {
        for (var length = 1; length <= 4; length++)
        {
            for (var first = 0; first < s_changes.Length; first++)
                Scripts.Add(length, first);
        }
    }

    /// <summary>C1, C2, C3: all scripts of up to four operations. Each begins with the same one, whose crashes the
    /// shorter scripts have explored: only the last operation is cut, with all outcomes where they are few, and
    /// else a sample.</summary>
    [Theory]
    [MemberData(nameof(Scripts))]
    public void Script_EveryPowerCut_LeavesTheStoreBeforeOrAfter(int length, int first)
    {
        var count = (int)Math.Pow(s_changes.Length, length - 1);
        for (var number = 0; number < count; number++)
        {
            var script = new List<KvChange> { s_changes[first] };
            for (int index = 1, rest = number; index < length; index++, rest /= s_changes.Length)
                script.Add(s_changes[rest % s_changes.Length]);
            Explore(script[..^1], script[^1..], 512, new() { Depth = 1, Outcomes = length < 4 ? 24 : 6 });
        }
    }

    /// <summary>C4, C5: sectors are torn, and the power is cut again while what is left is mounted and
    /// written.</summary>
    [Theory]
    [InlineData(512, 512, 3)]
    [InlineData(4096, 512, 3)]
    [InlineData(512, 1, 2)]
    [InlineData(65536, 512, 2)]
    public void TornSectors_CutAgainAndAgain_LeaveTheStoreBeforeOrAfter(int sectorSize, int atomicBytes, int depth) =>
        Explore([s_changes[1]], s_changes, sectorSize,
            new() { Depth = depth, Outcomes = 40, Deeper = 400, Cuts = 200 }, atomicBytes);

    /// <summary>C7: a store that is made on a blank disk is there, or can be made again.</summary>
    [Theory]
    [InlineData(512)]
    [InlineData(1)]
    public void BlankDisk_CutWhileItIsFormatted_IsMounted(int atomicBytes) =>
        Explore([], [s_changes[0]], 512, new() { Depth = 3, Outcomes = 100, Deeper = 500 }, atomicBytes,
            prepares: false);

    /// <summary>K33, C6: a batch and what it moves is there whole, or not at all.</summary>
    [Fact]
    public void BatchesAtOnce_EveryPowerCut_AreThereWholeOrNot() => Explore([s_changes[1]],
        [new KvChange.Set(s_c, KvSamples.Bytes(700, 4)), new KvChange.Rename(s_a, s_b),
            new KvChange.Set(s_a, KvSamples.Bytes(3, 5))],
        512, new() { Depth = 2, Outcomes = 100, Deeper = 500 }, asOne: true);

    private static void Explore(IReadOnlyList<KvChange> before, IReadOnlyList<KvChange> work, int sectorSize,
        CrashLimits limits, int? atomicBytes = null, bool prepares = true, bool asOne = false)
    {
        IReadOnlyList<IReadOnlyList<KvChange>> steps = asOne
            ? [work]
            : [.. work.Select(static one => (KvChange[])[one])];
        var texts = Texts(before, steps);
        CrashExplorer.Check(new CrashScenario<Progress>
        {
            Disk = () => new SimDisk(sectorSize, (1 << 21) / sectorSize)
            {
                AtomicBytes = atomicBytes ?? sectorSize,
            },
            State = static () => new Progress(),
            Prepare = async (host, _) =>
            {
                if (prepares)
                    await Make(await CowKvWorld.Open(host), [.. before.Select(static one => (KvChange[])[one])], null);
            },
            Work = async (host, _, progress) => await Make(await CowKvWorld.Open(host), steps, progress),
            Check = (host, _, progress) => Check(host, texts, progress),
        }, limits);
    }

    // What is there; then that it can be written; then that it is so after another start.
    private static async ValueTask<string?> Check(Host host, IReadOnlyList<string> texts, Progress progress)
    {
        var extra = KvKey.Parse("/extra");
        var store = await CowKvWorld.Open(host);
        (await CowKv<SimBlock>.Remove(store.Device, extra)).Done();
        var seen = await CowKvWorld.Text(store.Device);
        if (!texts.Skip(progress.Done).Take(2).Contains(seen))
            return $"after {progress.Done} operations it holds\n{seen}";
        (await CowKv<SimBlock>.Set(store.Device, extra, KvSamples.Bytes(6000, 9))).Done();
        await store.Disconnect();
        var again = await CowKvWorld.Open(host);
        if (!(await CowKv<SimBlock>.Get(again.Device, extra)).Done().Span.SequenceEqual(KvSamples.Bytes(6000, 9)))
            return "what was set afterwards is not there";
        (await CowKv<SimBlock>.Remove(again.Device, extra)).Done();
        var later = await CowKvWorld.Text(again.Device);
        return later == seen ? null : $"a start later it holds\n{later}";
    }

    private static async ValueTask Make(
        Connected<CowKv<SimBlock>> store, IReadOnlyList<IReadOnlyList<KvChange>> steps, Progress? progress)
    {
        foreach (var step in steps)
        {
            _ = await CowKv<SimBlock>.Batch(store.Device, step);
            if (progress is not null)
                progress.Done++;
        }
    }

    // What the store holds before the work and after each of its steps, with no power cut.
    private static List<string> Texts(IReadOnlyList<KvChange> before, IReadOnlyList<IReadOnlyList<KvChange>> steps)
    {
        var texts = new List<string>();
        CowKvWorld.Mounted(new SimDisk(512, 4096), async kv =>
        {
            foreach (var change in before)
                _ = await CowKv<SimBlock>.Batch(kv, [change]);
            texts.Add(await CowKvWorld.Text(kv));
            foreach (var step in steps)
            {
                _ = await CowKv<SimBlock>.Batch(kv, step);
                texts.Add(await CowKvWorld.Text(kv));
            }
        });
        return texts;
    }

    private sealed class Progress
    {
        public int Done { get; set; }
    }
}
