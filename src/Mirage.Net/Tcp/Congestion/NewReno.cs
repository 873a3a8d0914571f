namespace Mirage.Net;

/// <summary>Congestion control of RFC 5681 and RFC 6582.</summary>
public readonly struct NewReno : ICongestionControl
{
    /// <inheritdoc/>
    public static CongestionControl Create() => new NewRenoWindow();
}
