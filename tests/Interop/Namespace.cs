namespace Mirage.Interop;

/// <summary>A network namespace with a name of its own, taken down with everything in it.</summary>
internal sealed class Namespace : IDisposable
{
    private static int s_count;

    public Namespace()
    {
        Name = $"mirage-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}";
        Sh.Must($"ip netns add {Name} && ip -n {Name} link set lo up");
    }

    public string Name { get; }

    /// <summary>Runs a shell line inside.</summary>
    public ShResult Run(string line) => Sh.Run(Inside(line));

    /// <summary>Runs a shell line inside, which must succeed.</summary>
    public string Must(string line) => Sh.Must(Inside(line));

    /// <summary>The shell line that runs <paramref name="line"/> inside.</summary>
    public string Inside(string line) => $"exec ip netns exec {Name} bash -c {Quote(line)}";

    public void Dispose() =>
        // What a test left inside goes with it.
        Sh.Run($"ip netns pids {Name} | xargs -r kill -KILL; ip netns del {Name}");

    private static string Quote(string line) => $"'{line.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
