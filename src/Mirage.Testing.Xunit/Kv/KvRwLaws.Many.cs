using Xunit;

namespace Mirage.Testing;

/// <content>Many keys, deep keys, odd keys, and several writers at once.</content>
public abstract partial class KvRwLaws<TKv>
{
    private const int ManyChildren = 1000;
    private const int Depth = 100;

    // FAT keeps every second second.
    private static readonly TimeSpan s_timeGrain = TimeSpan.FromSeconds(2);

    /// <summary>A name is kept as it is, or refused without a change; two names that are not the same never become
    /// one.</summary>
    [Fact]
    public void K24_NamesAreKeptAsTheyAre() => Check(async (run, kv) =>
    {
        var model = new KvModel();
        foreach (var name in (string[])["a", "A", "CON", "con", "nul.txt", "a ", " a", "a.", "...", "-", "*", "\\",
            "\"", "a\nb", "\u0001", "é", "e\u0301", "ﬁ", "日本語", "🦉", new string('x', 255), new string('é', 127)])
        {
            var (key, bytes) = (KvKey.Root / "names" / name, KvSamples.Bytes(4, (ulong)model.Values.Count()));
            run.Step($"Set {key}, 4 bytes");
            var answer = await run.Await(() => TKv.Set(kv, key, bytes));
            run.Expect(answer.IsRight || answer.LeftToList()[0] is KvWriteError.BadName, "done, or a bad name",
                LawText.Of(answer, static _ => "done"));
            if (answer.IsRight)
                model.Set(key, bytes);
        }

        run.Expect(model.Values.Any(), "a plain name is kept", "every name is refused");
        await KvCheck<TKv>.Walk(run, kv, model);
    }, cases: 1);

    /// <summary>Dictionaries nest a hundred deep.</summary>
    [Fact]
    public void K25_NestsAHundredDeep() => Check(async (run, kv) =>
    {
        var (model, key) = (new KvModel(), KvKey.Root);
        for (var level = 0; level < Depth; level++)
            key /= "d";
        await KvSet.Set(run, kv, model, key, [1, 2, 3]);
        await KvCheck<TKv>.Walk(run, kv, model);
        var top = KvKey.Root / "d";
        run.Step($"Remove {top}");
        run.ExpectValue(await run.Await(() => TKv.Remove(kv, top)), "done");
        model.Remove(top);
        await KvCheck<TKv>.Walk(run, kv, model);
    }, cases: 1);

    /// <summary>A dictionary of a thousand keys is whole while it grows, and while they are removed in whatever
    /// order.</summary>
    [Theory]
    [InlineData("forward")]
    [InlineData("reverse")]
    [InlineData("random")]
    public void K26_ManyKeysComeAndGo(string order) => Check(async (run, kv) =>
    {
        var (model, parent) = (new KvModel(), KvKey.Root / "many");
        var names = Enumerable.Range(0, ManyChildren).Select(static index => $"key{index}").ToList();
        foreach (var name in names)
            await KvSet.Set(run, kv, model, parent / name, KvSamples.Bytes(name.Length, 1));
        await KvCheck<TKv>.Walk(run, kv, model);

        if (order == "reverse")
            names.Reverse();
        else if (order == "random")
            names = [.. names.OrderBy(_ => run.Random.Next())];
        foreach (var (index, name) in names.Index())
        {
            run.Step($"Remove {parent / name}");
            run.ExpectValue(await run.Await(() => TKv.Remove(kv, parent / name)), "done");
            model.Remove(parent / name);
            if (index % 100 == 0)
                await KvCheck<TKv>.Walk(run, kv, model);
        }

        await KvCheck<TKv>.Walk(run, kv, model);
    }, cases: 1);

    /// <summary>Sets of different keys at once all land.</summary>
    [Fact]
    public void K31_SetsAtOnceAllLand() => Check(async (run, kv) =>
    {
        var model = new KvModel();
        var sets = new List<Task>();
        for (var index = 0; index < 50; index++)
        {
            var (key, bytes) = (KvKey.Root / $"d{index % 3}" / $"{index}", KvSamples.Bytes(100 * index, run.Seed));
            run.Step($"Begin to set {key}, {bytes.Length} bytes");
            sets.Add(Land(key, bytes));
            model.Set(key, bytes);
        }

        await run.Await(async () => await Task.WhenAll(sets));
        await KvCheck<TKv>.Walk(run, kv, model);

        async Task Land(KvKey key, byte[] bytes) => run.ExpectValue(await TKv.Set(kv, key, bytes), "done");
    }, cases: 5);

    /// <summary>Of sets of one key at once one wins, whole, and whoever reads meanwhile sees one of them, or what was
    /// there before, whole.</summary>
    [Fact]
    public void K31_OneOfTheSetsAtOnceWinsWhole() => Check(async (run, kv) =>
    {
        var key = KvKey.Root / "contested";
        byte[][] values = [.. Enumerable.Range(1, 9).Select(index => KvSamples.Bytes(700 * index, (ulong)index))];
        await KvSet.Set(run, kv, new KvModel(), key, values[0]);
        var sets = new List<Task>();
        foreach (var (index, value) in values.Index().Skip(1))
        {
            run.Step($"Begin to set {key}, {value.Length} bytes");
            sets.Add(Land(value));
            run.Look($"Get {key}, the sets going on");
            ExpectOne(await run.Await(() => TKv.Get(kv, key)));
        }

        await run.Await(async () => await Task.WhenAll(sets));
        run.Look($"Get {key}");
        ExpectOne(await run.Await(() => TKv.Get(kv, key)));

        async Task Land(byte[] value) => run.ExpectValue(await TKv.Set(kv, key, value), "done");

        void ExpectOne(LanguageExt.Either<KvError, ReadOnlyMemory<byte>> answer)
        {
            var seen = run.ExpectValue(answer, "one of the values");
            run.Expect(values.Any(value => seen.Span.SequenceEqual(value)), "one of the values, whole",
                LawText.Of(seen.Span));
        }
    }, cases: 5);
}
