namespace Mirage.Net;

/// <summary>Where a connection of an HTTP server is.</summary>
internal enum HttpPhase
{
    /// <summary>Waiting for the first byte of a request.</summary>
    Idle,

    /// <summary>A head has begun.</summary>
    Head,

    /// <summary>A request is being handled.</summary>
    Request,

    /// <summary>The last response is sent; the client is given time to read it.</summary>
    Lingering,

    /// <summary>Nothing more is read or written.</summary>
    Closed,
}
