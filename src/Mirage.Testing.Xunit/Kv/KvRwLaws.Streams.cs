using System.IO.Pipelines;
using LanguageExt;
using Xunit;

namespace Mirage.Testing;

/// <content>Values that come and go a piece at a time.</content>
public abstract partial class KvRwLaws<TKv>
{
    /// <summary>What came a piece at a time is what is there, of every length.</summary>
    [Fact]
    public void K4_StreamedSetGivesTheBytes() => Check(async (run, kv) =>
    {
        var model = new KvModel();
        foreach (var length in (int[])[0, 1, 511, 512, 513, 4097, 200_000])
        {
            var (key, bytes, piece) = (KvKey.Root / $"{length}", KvSamples.Bytes(length, run.Seed), 1 + (length / 7));
            model.Set(key, bytes);
            run.Step($"Set {key} from a pipe, {length} bytes in pieces of {piece}");
            run.ExpectValue(await run.Await(() => KvStreams.Write(kv, key, bytes, piece)), "done");
            await KvCheck<TKv>.Get(run, kv, model, key);
        }

        await KvCheck<TKv>.Walk(run, kv, model);
    }, cases: 2);

    /// <summary>A source that fails, and a set that is cancelled, change nothing: not the value that was there, and not
    /// the way to one that was not.</summary>
    [Fact]
    public void K4_StreamedSetThatFailsChangesNothing() => Check(async (run, kv) =>
    {
        var (model, old) = (new KvModel(), KvKey.Parse("/a/old"));
        await KvSet.Set(run, kv, model, old, KvSamples.Bytes(700, 1));
        foreach (var key in (KvKey[])[old, KvKey.Parse("/b/new")])
        {
            var pipe = KvStreams.Pipe(pause: 5000);
            run.Step($"Set {key} from a pipe that fails after 3000 bytes");
            var set = run.Call(() => TKv.Write(kv, key, pipe.Reader)).AsTask();
            await run.Await(async () => await pipe.Writer.WriteAsync(KvSamples.Bytes(3000, 2)));
            await pipe.Writer.CompleteAsync(new TimeoutException("planted"));
            var failure = await run.Catch(async () => await set);
            run.Expect(failure is TimeoutException, nameof(TimeoutException), failure?.GetType().Name ?? "an answer");
            await KvCheck<TKv>.Walk(run, kv, model);

            var endless = KvStreams.Pipe(pause: 5000);
            using var stop = new CancellationTokenSource();
            run.Step($"Set {key} from a pipe, and cancel after 3000 bytes");
            set = run.Call(() => TKv.Write(kv, key, endless.Reader, stop.Token)).AsTask();
            await run.Await(async () => await endless.Writer.WriteAsync(KvSamples.Bytes(3000, 3)));
            stop.Cancel();
            failure = await run.Catch(async () => await set);
            run.Expect(failure is OperationCanceledException, nameof(OperationCanceledException),
                failure?.GetType().Name ?? "an answer");
            await KvCheck<TKv>.Walk(run, kv, model);
        }
    }, cases: 2);

    /// <summary>While a value comes, the one before is what is there.</summary>
    [Fact]
    public void K31_StreamedSetIsSeenAsOne() => Check(async (run, kv) =>
    {
        var (model, key) = (new KvModel(), KvKey.Parse("/a/b"));
        await KvSet.Set(run, kv, model, key, KvSamples.Bytes(700, 1));
        var (pipe, bytes) = (KvStreams.Pipe(pause: 3000), KvSamples.Bytes(20_000, run.Seed));
        run.Step($"Begin to set {key} from a pipe");
        var set = run.Call(() => TKv.Write(kv, key, pipe.Reader)).AsTask();
        for (var offset = 0; offset < bytes.Length; offset += 2000)
        {
            run.Step("Give 2000 bytes more");
            await run.Await(async () => await pipe.Writer.WriteAsync(bytes.AsMemory(offset, 2000)));
            await KvCheck<TKv>.Walk(run, kv, model);
        }

        run.Step("Complete the pipe");
        await pipe.Writer.CompleteAsync();
        run.ExpectValue(await run.Await(async () => await set), "done");
        model.Set(key, bytes);
        await KvCheck<TKv>.Walk(run, kv, model);
    }, cases: 3);

    /// <summary>A value that is read a piece at a time is of one version, whatever is set meanwhile.</summary>
    [Fact]
    public void K31_StreamIsOfOneVersion() => Check(async (run, kv) =>
    {
        var (model, key) = (new KvModel(), KvKey.Parse("/a/b"));
        byte[][] versions = [.. Enumerable.Range(1, 9).Select(index => KvSamples.Bytes(200_000 + index, (ulong)index))];
        await KvSet.Set(run, kv, model, key, versions[0]);
        var pipe = KvStreams.Pipe();
        run.Step($"Begin to read {key} into a pipe");
        var read = ReadAll();
        var seen = new List<byte>();
        for (var index = 1; index < versions.Length; index++)
        {
            await Take(run, pipe.Reader, seen, 3000);
            await KvSet.Set(run, kv, model, key, versions[index]);
        }

        await Take(run, pipe.Reader, seen, int.MaxValue);
        run.ExpectValue(await run.Await(async () => await read), "done");
        run.Expect(versions.Any(seen.SequenceEqual), "one of the values, whole", LawText.Of(seen.ToArray()));

        async Task<Either<KvError, Unit>> ReadAll()
        {
            var outcome = await TKv.Read(kv, key, pipe.Writer);
            await pipe.Writer.CompleteAsync();
            return outcome;
        }
    }, cases: 3);

    private static async Task Take(LawRun run, PipeReader reader, List<byte> seen, int most)
    {
        for (var taken = 0L; taken < most;)
        {
            var read = await run.Await(async () => await reader.ReadAsync());
            foreach (var piece in read.Buffer)
                seen.AddRange(piece.Span);
            taken += read.Buffer.Length;
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                break;
        }
    }
}
