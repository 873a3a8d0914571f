namespace Mirage.Unix;

/// <summary>A descriptor that a <see cref="UnixDriver"/> watches. Disposing it ends that; the descriptor stays
/// open.</summary>
public sealed class DescriptorWatch : IDisposable
{
    private UnixDriver? _driver;

    internal DescriptorWatch(UnixDriver driver, int descriptor, int index, uint generation, IDescriptorHandler handler)
    {
        (_driver, Descriptor, Index, Handler) = (driver, descriptor, index, handler);
        Data = ((ulong)generation << 32) | (uint)index;
    }

    /// <summary>The descriptor.</summary>
    public int Descriptor { get; }

    internal int Index { get; }

    internal IDescriptorHandler Handler { get; }

    /// <summary>What epoll hands back: the index, and a generation that tells the watch from an earlier one at that
    /// index.</summary>
    internal ulong Data { get; }

    /// <summary>Ends the watch; called again, does nothing.</summary>
    public void Dispose()
    {
        _driver?.Unwatch(this);
        _driver = null;
    }
}
