namespace Mirage.Net;

/// <summary>What a connection does about losses.</summary>
internal enum RecoveryPhase
{
    /// <summary>Nothing is known to be lost.</summary>
    Open,

    /// <summary>Fast recovery, RFC 6675: acknowledgments have told of a loss.</summary>
    Fast,

    /// <summary>The retransmission timer has expired.</summary>
    Timeout,
}
