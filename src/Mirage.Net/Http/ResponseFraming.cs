namespace Mirage.Net;

/// <summary>How the content of a response is delimited, RFC 9112 section 6.</summary>
internal enum ResponseFraming
{
    /// <summary>There is none, whatever the handler writes: HEAD, 204 and 304.</summary>
    None,

    /// <summary>Content-Length.</summary>
    Length,

    /// <summary>Chunks.</summary>
    Chunked,

    /// <summary>The end of the connection, for an HTTP/1.0 client.</summary>
    UntilClose,
}
