namespace Mirage;

/// <summary>What an HTTP server allows a client. The defaults suit a public server.</summary>
public sealed record HttpOptions
{
    /// <summary>The defaults.</summary>
    public static HttpOptions Default { get; } = new();

    /// <summary>Bytes of a request line without its line end; a longer one is answered by 414.</summary>
    public int RequestLineMax { get; init; } = 8 * 1024;

    /// <summary>Bytes of a request line with all header fields, and bytes of a trailer section; more are answered by
    /// 431.</summary>
    public int HeadBytesMax { get; init; } = 32 * 1024;

    /// <summary>Header fields of a request, and trailer fields; more are answered by 431.</summary>
    public int HeaderCountMax { get; init; } = 100;

    /// <summary>Bytes of a request's content; more are answered by 413.</summary>
    public long BodyBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>Bytes of content which the handler left unread that are read and dropped so that the connection can go
    /// on.</summary>
    public int DrainBytesMax { get; init; } = 64 * 1024;

    /// <summary>Bytes of a response's header fields; a handler that adds more gets an exception.</summary>
    public int ResponseHeadBytesMax { get; init; } = 32 * 1024;

    /// <summary>How long a connection may wait between requests, and before the first one.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>How long the head of a request may take from its first byte on; then 408 answers.</summary>
    public TimeSpan HeadLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the server waits for each <see cref="BodyProgressBytes"/> of content; then reading fails with
    /// 408.</summary>
    public TimeSpan BodyLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of content that count as progress.</summary>
    public int BodyProgressBytes { get; init; } = 1024;

    /// <summary>How long a flush of response bytes may wait for the client; then the connection is reset.</summary>
    public TimeSpan WriteLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the server listens to a client that it refused, so that the client can read the answer, RFC
    /// 9112 section 9.6.</summary>
    public TimeSpan LingerLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long requests under way may take after the listener was stopped.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Connections at once; further ones are answered by 503 and closed.</summary>
    public int ConnectionsMax { get; init; } = 10_000;

    /// <summary>Connections that wait to be accepted; 0 stands for the stack's default.</summary>
    public int Backlog { get; init; }

    /// <summary>Fails when a limit is not usable.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A limit is zero or negative.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(RequestLineMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(HeadBytesMax, RequestLineMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(HeaderCountMax);
        ArgumentOutOfRangeException.ThrowIfNegative(BodyBytesMax);
        ArgumentOutOfRangeException.ThrowIfNegative(DrainBytesMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ResponseHeadBytesMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BodyProgressBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ConnectionsMax);
        ArgumentOutOfRangeException.ThrowIfNegative(Backlog);
        ReadOnlySpan<TimeSpan> limits = [IdleLimit, HeadLimit, BodyLimit, WriteLimit, LingerLimit, StopLimit];
        foreach (var limit in limits)
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero);
    }
}
