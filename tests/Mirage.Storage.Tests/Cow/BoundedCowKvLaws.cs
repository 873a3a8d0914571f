using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>The laws of stores that can be full, on a disk of 3 MiB that takes its time.</summary>
public sealed class BoundedCowKvLaws : BoundedKvRwLaws<CowKv<SimBlock>>
{
    private const int Sectors = 6144;

    protected override long TooMuch => Sectors * 512L;

    protected override Host CreateHost(ulong seed)
    {
        var host = new SimHost(seed);
        host.Attach("", new SimDisk(512, Sectors, seed)
        {
            ReadLatency = Latency.Uniform(TimeSpan.FromMicroseconds(10), TimeSpan.FromMicroseconds(200)),
            WriteLatency = Latency.Uniform(TimeSpan.FromMicroseconds(10), TimeSpan.FromMicroseconds(200)),
            FlushLatency = Latency.Uniform(TimeSpan.FromMicroseconds(100), TimeSpan.FromMilliseconds(2)),
        });
        return host;
    }

    // The laws look again after a glance of a millisecond, whose timer may be armed still when a case is over.
    protected override async ValueTask LetGo(Host host) => await Task.Delay(TimeSpan.FromMilliseconds(2), host.Time);
}
