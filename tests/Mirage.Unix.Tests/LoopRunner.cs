namespace Mirage.Unix.Tests;

/// <summary>Runs a test on the loop of a host, and stops the loop when the test hangs.</summary>
internal static class LoopRunner
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public static void Run(this UnixHost host, Func<ValueTask> test)
    {
        using var watchdog = new Timer(_ => host.Loop.Stop(), null, s_patience, Timeout.InfiniteTimeSpan);
        host.Loop.Run(async () =>
        {
            await test();
            return 0;
        });
    }
}
