namespace Mirage.Testing.Tests;

/// <summary>What a planted clock shows.</summary>
public interface IReading
{
    static abstract long Read(Host host, int reading);
}
