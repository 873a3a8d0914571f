namespace Mirage;

/// <summary>Random bytes: MirageOS's RANDOM.</summary>
/// <typeparam name="TSelf">The type that implements the signature.</typeparam>
public interface IRandom<TSelf> : IDevice<TSelf> where TSelf : struct, IRandom<TSelf>
{
    /// <summary>Fills <paramref name="destination"/>. On a real host nobody can predict the bytes from those given
    /// before.</summary>
    static abstract void Fill(TSelf random, Span<byte> destination);
}
