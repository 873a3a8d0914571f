namespace Mirage.Unix.Tests;

/// <summary>How laws wait for a kernel that delivers within the call that sends: once many turns of the loop have taken
/// what they found, there is no more.</summary>
internal static class LoopTurns
{
    public static async ValueTask Settle(Host host)
    {
        var until = host.Loop.Iterations + 10_000;
        while (host.Loop.Iterations < until)
            await Task.Yield();
    }
}
