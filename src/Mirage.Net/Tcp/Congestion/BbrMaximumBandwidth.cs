namespace Mirage.Net;

/// <summary>The highest delivery rate of this cycle of ProbeBW and the one before: draft-ietf-ccwg-bbr sections 5.5.3
/// to 5.5.6, where a filter of two cycles needs no more than two numbers.</summary>
internal struct BbrMaximumBandwidth
{
    private long _previous;
    private long _current;

    /// <summary>BBR.max_bw, bytes a second; 0 before the first sample.</summary>
    public readonly long BytesPerSecond => Math.Max(_previous, _current);

    /// <summary>Takes a sample. One that the application has limited counts only where it is more than what is
    /// known.</summary>
    public void Take(long bytesPerSecond, bool isAppLimited)
    {
        if (!isAppLimited || bytesPerSecond >= BytesPerSecond)
            _current = Math.Max(_current, bytesPerSecond);
    }

    /// <summary>The next cycle begins. Without a sample in this one, nothing is known of it and nothing is
    /// forgotten.</summary>
    public void Advance()
    {
        if (_current > 0)
            (_previous, _current) = (_current, 0);
    }
}
