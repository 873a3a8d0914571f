namespace Mirage.Net;

/// <summary>What an acknowledgment tells congestion control.</summary>
public readonly record struct TcpAckSample
{
    /// <summary>Bytes that it is the first to acknowledge.</summary>
    public int Bytes { get; init; }

    /// <summary>Bytes that it is the first to confirm, beyond a hole or not.</summary>
    public int DeliveredBytes { get; init; }

    /// <summary>Whether the congestion window, and nothing else, held the sender back: otherwise it proves
    /// nothing.</summary>
    public bool IsLimited { get; init; }

    /// <summary>Whether it is for bytes which a timeout had sent again.</summary>
    public bool IsRepair { get; init; }

    /// <summary>Whether something that was lost is not repaired yet.</summary>
    public bool IsRecovering { get; init; }

    /// <summary>Whether the peer tells what it has beyond a hole.</summary>
    public bool IsSelective { get; init; }

    /// <summary>When it arrived, ns.</summary>
    public long NowNs { get; init; }

    /// <summary>The round trip of the newest of what it confirms, ns; 0 when all was sent again.</summary>
    public long RttNs { get; init; }

    /// <summary>The shortest round trip of the last half minute, ns; 0 before there was one.</summary>
    public long MinimumRttNs { get; init; }

    /// <summary>The smoothed round trip, ns; 0 before there was one.</summary>
    public long SmoothedRttNs { get; init; }

    /// <summary>Bytes on their way after it.</summary>
    public long InFlight { get; init; }

    /// <summary>Bytes confirmed since the connection began.</summary>
    public long Delivered { get; init; }

    /// <summary>Of them, those that were confirmed when the newest of what it confirms was sent: a round trip has
    /// passed when this reaches an earlier <see cref="Delivered"/>.</summary>
    public long PriorDelivered { get; init; }

    /// <summary>Bytes a second that the path delivered since; 0 when it cannot be told.</summary>
    public long DeliveryRate { get; init; }

    /// <summary>Whether the application had not enough to send meanwhile.</summary>
    public bool IsAppLimited { get; init; }

    /// <summary>Bytes that were on their way when the newest of what it confirms was sent, that included.</summary>
    public int SentInFlight { get; init; }

    /// <summary>Bytes found to be lost since then.</summary>
    public long LostSince { get; init; }

    /// <summary>Packets that routers marked, of those that it is the first to tell of: RFC 9768. Always 0 with a peer
    /// that does not count them. <see cref="CongestionControl.OnCongestion"/> is called besides, once a round
    /// trip.</summary>
    public int Marks { get; init; }
}
