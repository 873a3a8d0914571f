namespace Mirage.Unix.Tests;

/// <summary>What the calling thread allocates.</summary>
internal static class Allocations
{
    /// <summary>Bytes that a run of <paramref name="action"/> allocates once the runtime has settled: what it does for
    /// itself while code is compiled anew is not the action's.</summary>
    public static long Least(Action action)
    {
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 10 && least > 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
