namespace Mirage.Net;

/// <summary>The wait of a dispose for the delivery of what was written.</summary>
internal sealed class TcpLinger
{
    private readonly EventLoop _loop;
    private readonly LoopTimer _timer;
    private readonly LoopWait _wait;

    public TcpLinger(EventLoop loop, TcpConnection connection)
    {
        _loop = loop;
        _wait = new(loop);
        _timer = loop.CreateTimer(static connection => ((TcpConnection)connection!).Abort(), connection);
    }

    /// <summary>Waits for <see cref="End"/>. After <paramref name="time"/> the connection is aborted, and with it the
    /// wait.</summary>
    public ValueTask Wait(TimeSpan time)
    {
        var room = (long.MaxValue - _loop.NowNs) / TimeSpan.NanosecondsPerTick;
        _timer.Arm(_loop.NowNs + (Math.Min(time.Ticks, room) * TimeSpan.NanosecondsPerTick));
        return _wait.WaitAsync(CancellationToken.None);
    }

    public void End()
    {
        _timer.Disarm();
        _wait.Wake();
    }
}
