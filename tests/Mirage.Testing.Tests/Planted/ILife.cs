namespace Mirage.Testing.Tests;

/// <summary>How a planted device lives.</summary>
public interface ILife
{
    static virtual void Connected(Host host) { }

    static virtual ValueTask Disconnect(Host host, int times) => ValueTask.CompletedTask;
}
