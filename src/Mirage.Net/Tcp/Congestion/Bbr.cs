namespace Mirage.Net;

/// <summary>Congestion control of
/// <see href="https://datatracker.ietf.org/doc/draft-ietf-ccwg-bbr/">draft-ietf-ccwg-bbr</see>, version 3: it sends as
/// fast as the path is measured to deliver, and takes losses for congestion only when they are many.</summary>
/// <remarks>For paths that lose at random, or whose queues are short, where <see cref="Cubic"/> and
/// <see cref="NewReno"/> are slow. It needs a peer with selective acknowledgments to do well.</remarks>
public readonly struct Bbr : ICongestionControl
{
    /// <inheritdoc/>
    public static CongestionControl Create() => new BbrControl();
}
