using System.Runtime.CompilerServices;
using Xunit;

namespace Mirage.Testing;

/// <summary>What a store that is read obeys.</summary>
/// <typeparam name="TKv">The store under test.</typeparam>
public abstract class KvRoLaws<TKv> : DeviceLaws<TKv> where TKv : struct, IKvRo<TKv>
{
    /// <summary>What the store holds in every law, once <see cref="Fill"/> is done: its values, and with them its
    /// dictionaries. <see cref="KvSamples.Content"/> has what is hard to get right.</summary>
    protected abstract IReadOnlyDictionary<KvKey, byte[]> Content { get; }

    /// <summary>Puts <see cref="Content"/> into a store that was just connected, where it does not hold it
    /// already.</summary>
    protected virtual ValueTask Fill(TKv kv) => ValueTask.CompletedTask;

    /// <summary>A disconnected store says so, whatever it is asked.</summary>
    [Fact]
    public void D3_UseAfterDisconnectIsAnError() => CheckAfterDisconnect($"{new KvError.Disconnected()}",
    [
        ("Exists /", static async kv => LawText.Of(await TKv.Exists(kv, KvKey.Root), static _ => "an answer")),
        ("Get /a", static async kv => LawText.Of(await TKv.Get(kv, KvKey.Root / "a"), static _ => "bytes")),
        ("Get a part of /a",
            static async kv => LawText.Of(await TKv.GetPartial(kv, KvKey.Root / "a", 0, 1), static _ => "bytes")),
        ("Read /a into a pipe",
            static async kv => LawText.Of((await KvStreams.Read(kv, KvKey.Root / "a")).Outcome, static _ => "bytes")),
        ("List / from b on", static async kv =>
            LawText.Of(await TKv.List(kv, KvKey.Root, new KvRange { From = "b" }), static _ => "names")),
        ("List /", static async kv => LawText.Of(await TKv.List(kv, KvKey.Root), static _ => "names")),
        ("Ask when /a was modified",
            static async kv => LawText.Of(await TKv.LastModified(kv, KvKey.Root / "a"), static _ => "a time")),
        ("Ask for the digest of /a",
            static async kv => LawText.Of(await TKv.Digest(kv, KvKey.Root / "a"), static _ => "a digest")),
        ("Ask for the size of /a",
            static async kv => LawText.Of(await TKv.Size(kv, KvKey.Root / "a"), static _ => "a size")),
    ]);

    /// <summary>A value is given whole; where there is none, the error says why and has the key that was
    /// asked for.</summary>
    [Fact]
    public void K8_GetGivesTheValueOrSaysWhyNot() =>
        CheckReads((run, kv, model, key) => KvCheck<TKv>.Get(run, kv, model, key));

    /// <summary>A value that is given a piece at a time is the same value; where there is none, the error is the
    /// same.</summary>
    [Fact]
    public void K8_ReadGivesTheValueOrSaysWhyNot() =>
        CheckReads((run, kv, model, key) => KvCheck<TKv>.Read(run, kv, model, key));

    /// <summary>A value whose reader has had enough is given no further, and one that nobody takes can be
    /// cancelled.</summary>
    [Fact]
    public void K8_ReadEndsWithItsReader() => CheckValues(async (run, kv, model, key) =>
    {
        if (model.Bytes(key).Length < 2)
            return;
        var pipe = KvStreams.Pipe(pause: 1);
        run.Look($"Read {key} into a pipe until its first byte is there");
        var read = run.Call(() => TKv.Read(kv, key, pipe.Writer)).AsTask();
        await run.Await(async () => await pipe.Reader.ReadAsync());
        await pipe.Reader.CompleteAsync();
        run.ExpectValue(await run.Await(async () => await read), "an end without an error");

        var full = KvStreams.Pipe(pause: 1);
        using var stop = new CancellationTokenSource();
        run.Look($"Read {key} into a pipe that nobody reads, and cancel");
        read = run.Call(() => TKv.Read(kv, key, full.Writer, stop.Token)).AsTask();
        stop.Cancel();
        var failure = await run.Catch(async () => await read);
        run.Expect(failure is OperationCanceledException, nameof(OperationCanceledException),
            failure?.GetType().Name ?? "an answer");
    });

    /// <summary>Whether a key exists, and as what, agrees with what it gives.</summary>
    [Fact]
    public void K9_ExistsAgreesWithGetAndList() =>
        CheckReads((run, kv, model, key) => KvCheck<TKv>.Exists(run, kv, model, key));

    /// <summary>A part of a value is what lies there, clipped at its end.</summary>
    [Fact]
    public void K10_PartIsASliceOfTheValue() => CheckReads(
        (run, kv, model, key) => KvCheck<TKv>.GetPartial(run, kv, model, key,
            run.Random.Chance(100) ? long.MaxValue - run.Random.Next(3) : run.Random.Next(5000),
            run.Random.Chance(100) ? int.MaxValue : run.Random.Next(5000)));

    /// <summary>Parts that follow one another make up the value.</summary>
    [Fact]
    public void K10_PartsMakeUpTheValue() => CheckValues(async (run, kv, model, key) =>
    {
        var step = 1 + run.Random.Next(model.Bytes(key).Length + 1);
        for (var offset = 0L; offset <= model.Bytes(key).Length; offset += step)
            await KvCheck<TKv>.GetPartial(run, kv, model, key, offset, step);
    });

    /// <summary>A part cannot begin before the value, or be shorter than nothing: asking so is a mistake of the
    /// caller.</summary>
    [Fact]
    public void K10_NegativePartsAreRefused() => CheckValues(async (run, kv, _, key) =>
    {
        foreach (var (offset, length) in ((long, int)[])[(-1, 1), (0, -1), (long.MinValue, int.MinValue)])
        {
            run.Look($"Get {length} bytes of {key} from byte {offset} on");
            var failure = await run.Catch(async () => await TKv.GetPartial(kv, key, offset, length));
            run.Expect(failure is ArgumentOutOfRangeException, nameof(ArgumentOutOfRangeException),
                failure?.GetType().Name ?? "an answer");
        }
    });

    /// <summary>The size of a value is how many bytes it has.</summary>
    [Fact]
    public void K12_SizeIsTheLengthOfTheValue() =>
        CheckReads((run, kv, model, key) => KvCheck<TKv>.Size(run, kv, model, key));

    /// <summary>Equal bytes have equal digests under whatever key, and others have others.</summary>
    [Fact]
    public void K13_DigestsAreEqualForEqualBytesAlone() => CheckFilled(async (run, kv, model) =>
    {
        var known = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var key in model.Values.Concat(model.Dictionaries))
        {
            if (await KvCheck<TKv>.Digest(run, kv, model, key) is not { } digest)
                continue;
            if (!known.TryGetValue(digest, out var bytes))
                run.Expect(!known.Values.Any(model.Bytes(key).SequenceEqual), "the digest of equal bytes", digest);
            else
                run.Expect(bytes.AsSpan().SequenceEqual(model.Bytes(key)), "a digest of its own", digest);
            known[digest] = model.Bytes(key);
        }
    });

    /// <summary>A list has the immediate children of a dictionary, once each, in ordinal order.</summary>
    [Fact]
    public void K15_ListHasTheChildrenInOrder() =>
        CheckReads((run, kv, model, key) => KvCheck<TKv>.List(run, kv, model, key));

    /// <summary>A range of a list is what the list has there.</summary>
    [Fact]
    public void K15_RangeIsAPartOfTheList() => CheckReads(async (run, kv, model, key) =>
    {
        string[] names = ["", "0", "m", "\uFFFF", .. model.Children(key).Select(static child => child.Key.Basename)];
        var ranges = new List<KvRange> { default, new() { Max = 0 } };
        for (var index = 0; index < 2 * names.Length; index++)
        {
            var (from, to) = (names[run.Random.Next(names.Length)], names[run.Random.Next(names.Length)]);
            ranges.AddRange([new() { From = from }, new() { To = to, Max = 2 }, new() { From = from, To = to },
                new KvRange { Max = run.Random.Next(names.Length) }.After(from)]);
        }

        foreach (var range in ranges)
            await KvCheck<TKv>.List(run, kv, model, key, range);
    });

    /// <summary>Pages that follow one another make up the list.</summary>
    [Fact]
    public void K15_PagesMakeUpTheList() => CheckFilled(async (run, kv, model) =>
    {
        foreach (var key in model.Dictionaries)
        {
            var page = new KvRange { Max = 3 };
            while (await KvCheck<TKv>.List(run, kv, model, key, page) is { } last)
                page = page.After(last.Basename);
            run.Expect(!model.Children(key).Any(child => page.Contains(child.Key.Basename)), "a page of what is left",
                "an empty page");
        }
    });

    /// <summary>Walking from the root on finds all that the store holds, and nothing else.</summary>
    [Fact]
    public void K16_WalkFindsTheWholeContent() =>
        CheckFilled((run, kv, model) => KvCheck<TKv>.Walk(run, kv, model));

    /// <summary>Values have a time, dictionaries have not.</summary>
    [Fact]
    public void K22_ValuesAloneHaveATime() => CheckReads(
        async (run, kv, model, key) => await KvCheck<TKv>.LastModified(run, kv, model, key));

    /// <summary>Reads that go on at once do not get into one another.</summary>
    [Fact]
    public void K31_ReadsAtOnceDoNotMix() => CheckFilled(async (run, kv, model) =>
    {
        run.Step("Get all values at once");
        var reads = model.Values.Select(key => (Key: key, Task: TKv.Get(kv, key).AsTask())).ToArray();
        foreach (var (key, task) in reads)
        {
            var bytes = run.ExpectValue(await run.Await(async () => await task), $"the value of {key}");
            run.Expect(bytes.Span.SequenceEqual(model.Bytes(key)), $"{key}: {LawText.Of(model.Bytes(key))}",
                LawText.Difference(model.Bytes(key), bytes.Span));
        }
    }, cases: 5);

    /// <summary>Tries a law on a store that holds <see cref="Content"/>.</summary>
    private void CheckFilled(Func<LawRun, TKv, KvModel, ValueTask> law, int cases = 1,
        [CallerMemberName] string name = "") => Check(async (run, kv) =>
    {
        await Fill(kv);
        await law(run, kv, new KvModel(Content));
    }, cases, name);

    private void CheckReads(Func<LawRun, TKv, KvModel, KvKey, ValueTask> law,
        [CallerMemberName] string name = "") => CheckFilled(async (run, kv, model) =>
    {
        foreach (var key in Asked(model))
            await law(run, kv, model, key);
    }, name: name);

    private void CheckValues(Func<LawRun, TKv, KvModel, KvKey, ValueTask> law,
        [CallerMemberName] string name = "") => CheckFilled(async (run, kv, model) =>
    {
        foreach (var key in model.Values)
            await law(run, kv, model, key);
    }, name: name);

    // Every key, and beside each what almost has its name, below each what is not there.
    private static IEnumerable<KvKey> Asked(KvModel model) => model.Values.Concat(model.Dictionaries)
        .SelectMany(static key => key.IsRoot
            ? [key, key / "none", key / "none" / "below"]
            : (KvKey[])[key, key / "below", key / "below" / "it", key.Parent / (key.Basename + "x")])
        .Distinct()
        .Order();
}
