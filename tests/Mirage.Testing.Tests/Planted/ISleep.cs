namespace Mirage.Testing.Tests;

/// <summary>How a planted device sleeps.</summary>
public interface ISleep
{
    static abstract ValueTask Sleep(Host host, TimeSpan duration, CancellationToken cancellation);
}
