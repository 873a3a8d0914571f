namespace Mirage.Net;

/// <summary>What the receive buffers of a stack may grow by together, beyond what each begins with.</summary>
internal sealed class TcpReceiveBudget(long limit)
{
    /// <summary>Bytes by which buffers have grown.</summary>
    public long Taken { get; private set; }

    /// <summary>Takes <paramref name="bytes"/> if so many are left.</summary>
    public bool TryTake(int bytes)
    {
        if (bytes > limit - Taken)
            return false;
        Taken += bytes;
        return true;
    }

    /// <summary>Gives back what was taken.</summary>
    public void Return(int bytes) => Taken -= bytes;
}
