namespace Mirage;

/// <summary>The loop's clock and timers in the framework's form, so that Task.Delay and its kin run in the unikernel's
/// time.</summary>
internal sealed class LoopTimeProvider(EventLoop loop) : TimeProvider
{
    public override long TimestampFrequency => 1_000_000_000;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp() => loop.NowNs;

    public override DateTimeOffset GetUtcNow() => loop.UtcNow;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ProviderTimer(loop, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class ProviderTimer : ITimer
    {
        private readonly EventLoop _loop;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private readonly LoopTimer _timer;
        private long _periodNs;
        private int _disposed;

        public ProviderTimer(EventLoop loop, TimerCallback callback, object? state)
        {
            (_loop, _callback, _state) = (loop, callback, state);
            _timer = loop.CreateTimer(static self => ((ProviderTimer)self!).Fire(), this);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (Volatile.Read(ref _disposed) != 0)
                return false;

            var dueNs = dueTime < TimeSpan.Zero ? long.MaxValue : _loop.NowNs + ToNs(dueTime);
            var periodNs = period <= TimeSpan.Zero ? 0 : ToNs(period);
            if (_loop.IsCurrent)
                Apply(dueNs, periodNs);
            else
                _loop.Post(_ => Apply(dueNs, periodNs), null);
            return true;
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) != 0)
                return;
            if (_loop.IsCurrent)
                _timer.Disarm();
            else
                _loop.Post(static timer => ((LoopTimer)timer!).Disarm(), _timer);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private static long ToNs(TimeSpan span) =>
            span.Ticks > long.MaxValue / 200 ? long.MaxValue / 2 : span.Ticks * 100;

        private void Apply(long dueNs, long periodNs)
        {
            _periodNs = periodNs;
            if (dueNs == long.MaxValue || Volatile.Read(ref _disposed) != 0)
                _timer.Disarm();
            else
                _timer.Arm(dueNs);
        }

        private void Fire()
        {
            if (_periodNs > 0)
                _timer.Arm(_loop.NowNs + _periodNs);
            _callback(_state);
        }
    }
}
