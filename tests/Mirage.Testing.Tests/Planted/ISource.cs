namespace Mirage.Testing.Tests;

/// <summary>What a planted source of random bytes gives.</summary>
public interface ISource
{
    static abstract void Fill(SplitMix64 random, Span<byte> destination);
}
