namespace Mirage.Net;

/// <summary>How much of one connection may be in flight. Loss is found elsewhere; here is what it means.</summary>
/// <remarks>All in bytes. Not thread-safe: it is called on the connection's loop.</remarks>
public abstract class CongestionControl
{
    private long _priorWindow;
    private long _priorThreshold;

    /// <summary>The algorithm's name, as the RFC has it.</summary>
    public abstract string Name { get; }

    /// <summary>Bytes that may be in flight: cwnd. Never less than a segment.</summary>
    public long WindowBytes { get; protected set; } = TcpLimits.MssDefaultV4;

    /// <summary>Bytes from the first that is not acknowledged to the last that may be sent, as a rule: more than the
    /// window where the window stays open while a hole is repaired, and what is beyond it is held until then.</summary>
    public virtual long SpanBytes => WindowBytes;

    /// <summary>Bytes below which the window is opened fast: ssthresh. RFC 5681 section 3.1: arbitrarily high at
    /// first.</summary>
    public long ThresholdBytes { get; protected set; } = int.MaxValue;

    /// <summary>Bytes a second at which segments leave; null for what the window gives by itself.</summary>
    public virtual long? PacingBytesPerSecond => null;

    /// <summary>Whether it follows a model of the path, and a loss by itself means nothing: then it says what may be
    /// in flight while a loss is repaired too, where proportional rate reduction (RFC 9937) does for the others. It is
    /// told of every acknowledgment that confirms something, and of every loss. The same at all times.</summary>
    public virtual bool IsModelBased => false;

    /// <summary>Whether less is sent than the path would take, on purpose: what is delivered meanwhile says nothing of
    /// the path.</summary>
    public virtual bool IsHoldingBack => false;

    /// <summary>A number of the connection's own, for what connections are not to do all at once.</summary>
    protected int Seed { get; private set; }

    /// <summary>Bytes of a segment.</summary>
    protected int SegmentBytes { get; private set; } = TcpLimits.MssDefaultV4;

    /// <summary>The window of a connection that begins, RFC 6928 section 2.</summary>
    protected long InitialBytes => Math.Min(
        TcpLimits.InitialWindowSegments * SegmentBytes, Math.Max(2 * SegmentBytes, TcpLimits.InitialWindowBytes));

    /// <summary>How often the window was reduced, for whatever reason.</summary>
    internal long Reductions { get; private set; }

    /// <summary>Whether the window is opened fast.</summary>
    protected bool IsSlowStart => WindowBytes < ThresholdBytes;

    /// <summary>The handshake is over, or the size of a segment has changed.</summary>
    public void SetSegmentSize(int bytes)
    {
        if (bytes == SegmentBytes)
            return;
        OnSegmentSize((double)SegmentBytes / bytes);
        SegmentBytes = bytes;
        WindowBytes = Math.Max(WindowBytes, bytes);
    }

    /// <summary>Begins; <paramref name="isSynLost"/> when the SYN had to be sent again: RFC 5681 section 3.1 says one
    /// segment then.</summary>
    /// <param name="isSynLost">Whether it had to.</param>
    /// <param name="seed">A number of the connection's own.</param>
    public void Start(bool isSynLost, int seed = 0) =>
        (WindowBytes, Seed) = (isSynLost ? SegmentBytes : InitialBytes, seed);

    /// <summary>New bytes were acknowledged outside of fast recovery; with <see cref="IsModelBased"/>, bytes were
    /// confirmed.</summary>
    public abstract void OnAcknowledged(in TcpAckSample sample);

    /// <summary>Something is found to be lost. Only told with <see cref="IsModelBased"/>.</summary>
    public virtual void OnLost(in TcpLossSample sample)
    {
    }

    /// <summary>The network is congested, with <paramref name="inFlight"/> bytes sent and not acknowledged: something
    /// was lost, or marked.</summary>
    public void OnCongestion(long inFlight, bool isMark, long nowNs)
    {
        Reductions++;
        Keep();
        Reduce(inFlight, isMark, nowNs);
    }

    /// <summary>The loss is repaired.</summary>
    public virtual void OnRecovered(long inFlight, long nowNs) =>
        WindowBytes = Math.Max(ThresholdBytes, SegmentBytes);

    /// <summary>The retransmission timer expired; <paramref name="isFirst"/> unless for the same bytes again. RFC 5681
    /// section 3.1: what follows is the loss window.</summary>
    public void OnTimeout(long inFlight, bool isFirst, long nowNs)
    {
        if (isFirst)
            OnCongestion(inFlight, isMark: false, nowNs);
        WindowBytes = SegmentBytes;
    }

    /// <summary>The congestion was none: the window is what it was before.</summary>
    public void Undo()
    {
        WindowBytes = Math.Max(WindowBytes, _priorWindow);
        ThresholdBytes = Math.Max(ThresholdBytes, _priorThreshold);
        Restore();
    }

    /// <summary>Nothing was sent for longer than the retransmission timeout: RFC 5681 section 4.1, the path may have
    /// changed.</summary>
    public virtual void OnIdle() => WindowBytes = Math.Min(WindowBytes, InitialBytes);

    /// <summary>Something is to be sent while nothing is in flight, because the application had nothing to
    /// send.</summary>
    public virtual void OnRestart(long nowNs)
    {
    }

    /// <summary>Sets <see cref="ThresholdBytes"/> to what congestion leaves of the window.</summary>
    protected abstract void Reduce(long inFlight, bool isMark, long nowNs);

    /// <summary>What is counted in segments is <paramref name="ratio"/> times as many from now on.</summary>
    protected virtual void OnSegmentSize(double ratio)
    {
    }

    /// <summary>Takes back what <see cref="Reduce"/> noted.</summary>
    protected virtual void Restore()
    {
    }

    /// <summary>Opens the window.</summary>
    protected void Grow(long bytes) => WindowBytes = Math.Min(WindowBytes + bytes, int.MaxValue);

    private void Keep() => (_priorWindow, _priorThreshold) = (WindowBytes, ThresholdBytes);
}
