namespace Mirage.Net;

/// <summary>
/// The memory of a link in memory. It keeps what was returned up to a limit, and belongs to one loop.
/// </summary>
/// <param name="name">What an error calls the pool.</param>
/// <param name="poisons">Whether buffers are overwritten when they are returned.</param>
internal sealed class FramePool(string name = "frames", bool poisons = false)
{
    private const int SmallSize = 2048; // A frame of Ethernet's own MTU.
    private const int LargeSize = 65_536 + 64; // The longest IP packet with its Ethernet header.
    private const int SmallRetainedMax = 4096; // 9 MiB
    private const int LargeRetainedMax = 256; // 16 MiB

    private readonly Stack<FrameBuffer> _small = new();
    private readonly Stack<FrameBuffer> _large = new();

    /// <summary>Buffers handed out and not returned.</summary>
    public int Rented { get; private set; }

    /// <summary>A buffer with a copy of <paramref name="frame"/>.</summary>
    public FrameBuffer Rent(in TransmitFrame frame)
    {
        var buffer = Rent(frame.Length);
        buffer.Load(frame);
        return buffer;
    }

    /// <summary>A buffer with a copy of <paramref name="frame"/>.</summary>
    public FrameBuffer Rent(in ReceivedFrame frame)
    {
        var buffer = Rent(frame.Bytes.Length);
        buffer.Load(frame);
        return buffer;
    }

    /// <exception cref="InvalidOperationException">The buffer was returned before.</exception>
    public void Return(FrameBuffer buffer)
    {
        if (buffer.IsReturned)
            throw new InvalidOperationException($"A buffer of the pool '{name}' is returned twice.");
        buffer.IsReturned = true;
        Rented--;
        if (poisons)
            buffer.Bytes.Fill(BlockPool.PoisonByte);
        if (buffer.Capacity == SmallSize && _small.Count < SmallRetainedMax)
            _small.Push(buffer);
        else if (buffer.Capacity == LargeSize && _large.Count < LargeRetainedMax)
            _large.Push(buffer);
    }

    private FrameBuffer Rent(int length)
    {
        Rented++;
        var buffer = Find(length);
        buffer.IsReturned = false;
        return buffer;
    }

    private FrameBuffer Find(int length)
    {
        if (length <= SmallSize)
            return _small.TryPop(out var small) ? small : new FrameBuffer(SmallSize);
        if (length <= LargeSize)
            return _large.TryPop(out var large) ? large : new FrameBuffer(LargeSize);
        return new FrameBuffer(length);
    }
}
