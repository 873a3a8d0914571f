using System.Diagnostics;
using System.Globalization;
using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>Gives a target one input after another, all of them from a seed, until one is a find.</summary>
/// <remarks>Inputs run on a thread of their own: one that never ends is a find too, and the thread is left
/// behind.</remarks>
internal sealed class FuzzLoop(FuzzTarget target, ulong seed, IReadOnlyList<byte[]> corpus)
{
    private byte[] _input = [];
    private string _origin = "";
    private long _beganTicks;
    private Find? _find;

    /// <summary>How long one input may take, in real time.</summary>
    public TimeSpan InputLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Inputs given so far.</summary>
    public long Inputs { get; private set; }

    /// <summary>Whether this input is a find; gives what was thrown, or null.</summary>
    public static Exception? Try(FuzzTarget target, byte[] input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            target.Run(input);
        }
        catch (Exception error)
        {
            return error;
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return allocated <= target.AllocationMax(input.Length)
            ? null
            : new OracleException($"{allocated} bytes were allocated for an input of {input.Length}.");
    }

    /// <summary>Runs up to <paramref name="inputsMax"/> inputs, or for <paramref name="time"/>.</summary>
    public Find? Run(long inputsMax, TimeSpan? time = null) => Guard(() =>
    {
        var watch = Stopwatch.StartNew();
        while (_find is null && Inputs < inputsMax && (time is null || watch.Elapsed < time))
        {
            var origin = string.Create(CultureInfo.InvariantCulture, $"input {Inputs} of seed {seed}");
            Take(Make(Inputs++), origin);
        }
    });

    /// <summary>Runs one input that is there already.</summary>
    public Find? Replay(byte[] input, string origin) => Guard(() => Take(input, origin));

    /// <summary>The input of that number: a function of the seed, the number and the corpus.</summary>
    public byte[] Make(long number)
    {
        var random = SplitMix64.Fork(seed + (ulong)number, target.Name);
        var chance = random.Next(16);
        if (chance == 0)
        {
            var noise = new byte[random.Next(300)];
            random.Fill(noise);
            return noise;
        }

        var input = chance < 5 && corpus.Count > 0 ? corpus[random.Next(corpus.Count)] : target.Generate(random);
        if (chance > 12)
            return input;
        var other = corpus.Count > 0 && random.Next(2) == 0
            ? corpus[random.Next(corpus.Count)]
            : target.Generate(random);
        return Mutator.Mutate(input, other, random);
    }

    private Find? Guard(Action run)
    {
        var done = new TaskCompletionSource();
        Volatile.Write(ref _beganTicks, Stopwatch.GetTimestamp());
        Exception? broken = null; // Of the loop or a generator, not of the target.
        var thread = new Thread(() =>
        {
            try
            {
                run();
            }
            catch (Exception error)
            {
                broken = error;
            }

            done.SetResult();
        })
        { IsBackground = true };
        thread.Start();
        while (!done.Task.Wait(TimeSpan.FromMilliseconds(250)))
        {
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref _beganTicks)) > InputLimit)
            {
                var late = new TimeoutException($"The input takes longer than {InputLimit.TotalSeconds:0} s.");
                return new(target.Name, _input, _input.Length, _origin, late);
            }
        }

        return broken is null ? _find : throw new InvalidOperationException($"{target.Name} makes no input.", broken);
    }

    private void Take(byte[] input, string origin)
    {
        _origin = origin;
        if (Timed(input) is not { } error)
            return;
        var kind = error.GetType();
        var shrunk = Shrinker.Shrink(input, candidate => Timed(candidate)?.GetType() == kind);
        _find = new(target.Name, shrunk, input.Length, origin, Timed(shrunk) ?? error);
    }

    private Exception? Timed(byte[] input)
    {
        _input = input;
        Volatile.Write(ref _beganTicks, Stopwatch.GetTimestamp());
        return Try(target, input);
    }
}
