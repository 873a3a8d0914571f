using LanguageExt;

namespace Mirage.Unix.Tests;

/// <summary>Sets one value of a directory again and again, each time to other bytes, and says what was done.</summary>
internal readonly struct Setter : IUnikernel<Setter>
{
    private static readonly Key<int> s_rounds = Key.Optional("rounds", int.MaxValue, "How often.");

    private readonly Core _core;

    private Setter(Core core) => _core = core;

    public static KvKey Place => KvKey.Parse("/a/b/value");

    public static KvKey Moving => KvKey.Parse("/moving");

    public static Impl<Setter> Impl => (Mirage.Impl.BootHost, Mirage.Impl.Of<DirectKv>(), s_rounds).Apply(
        static (host, kv, rounds) => new Setter(new Core(host, kv, rounds)));

    public static async ValueTask Start(Setter unikernel, CancellationToken stop)
    {
        var (host, kv) = (unikernel._core.Host, unikernel._core.Kv);
        for (var round = 1; round <= unikernel._core.Rounds && !stop.IsCancellationRequested; round++)
        {
            Done(await DirectKv.Set(kv, Place, Value(round)));
            host.Out.WriteLine($"{round}");
            if (unikernel._core.Rounds > 1)
                Done(await DirectKv.Rename(kv, Side(round), Side(round + 1)));
        }
    }

    /// <summary>What the key has after a round.</summary>
    public static byte[] Value(int round)
    {
        var bytes = new byte[50_000 + (round % 100)];
        bytes.AsSpan().Fill((byte)round);
        BitConverter.TryWriteBytes(bytes, round);
        return bytes;
    }

    /// <summary>Where what moves is before a round.</summary>
    public static KvKey Side(int round) => Moving / (round % 2 == 0 ? "left" : "right") / "it";

    private static void Done(Either<KvWriteError, Unit> outcome)
    {
        if (outcome.IsLeft)
            throw new InvalidOperationException($"{outcome}");
    }

    private sealed record Core(Host Host, DirectKv Kv, int Rounds);
}
