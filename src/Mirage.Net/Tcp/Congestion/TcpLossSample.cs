namespace Mirage.Net;

/// <summary>What a loss tells congestion control that follows a model of the path.</summary>
public readonly record struct TcpLossSample
{
    /// <summary>Bytes that are lost.</summary>
    public int Bytes { get; init; }

    /// <summary>Bytes that were on their way when they were sent, they included.</summary>
    public int SentInFlight { get; init; }

    /// <summary>Bytes found to be lost since then, they included.</summary>
    public long LostSince { get; init; }

    /// <summary>Whether the application had not enough to send then.</summary>
    public bool IsAppLimited { get; init; }

    /// <summary>Whether what was sent before them is not lost, as far as is known.</summary>
    public bool IsNewRange { get; init; }

    /// <summary>Bytes confirmed since the connection began.</summary>
    public long Delivered { get; init; }
}
