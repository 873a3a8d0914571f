using System.IO.Pipelines;
using System.Net;

namespace Mirage;

/// <summary>The answer to a request. It begins with <see cref="Send"/> or <see cref="Start"/>; status and fields are
/// set before.</summary>
/// <remarks>The server adds Date, Content-Length or Transfer-Encoding, and Connection itself. For HEAD and for the
/// statuses 204 and 304 the content is dropped and the head stays as it would be.</remarks>
public abstract class HttpResponse
{
    /// <summary>The status, 200 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to something below 200 or above 599.</exception>
    /// <exception cref="InvalidOperationException">Set after the response began.</exception>
    public abstract HttpStatusCode Status { get; set; }

    /// <summary>Whether the head was written: it cannot be changed any more.</summary>
    public abstract bool HasStarted { get; }

    /// <summary>Adds a header field.</summary>
    /// <exception cref="ArgumentException">The name is no token, the value has a control character, or the field is
    /// the server's own.</exception>
    /// <exception cref="InvalidOperationException">The response began, or the fields are longer than
    /// <see cref="HttpOptions.ResponseHeadBytesMax"/>.</exception>
    public abstract void AddHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value);

    /// <summary>Adds a trailer field, sent after content of unknown length and dropped otherwise, RFC 9110 section
    /// 6.5.</summary>
    /// <exception cref="ArgumentException">As for <see cref="AddHeader"/>.</exception>
    public abstract void AddTrailer(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value);

    /// <summary>Closes the connection after this response.</summary>
    public abstract void CloseConnection();

    /// <summary>Drops the status and the fields set so far.</summary>
    /// <exception cref="InvalidOperationException">The response began.</exception>
    public abstract void Clear();

    /// <summary>
    /// Sends head and content as one; <paramref name="body"/> is copied before the call returns. For content of more
    /// than about 64 KiB use <see cref="Start"/>, which waits for slow clients.
    /// </summary>
    /// <exception cref="InvalidOperationException">The response began.</exception>
    public abstract ValueTask Send(ReadOnlySpan<byte> body);

    /// <summary>
    /// Begins a response whose content is written piece by piece; the handler flushes. Without a length it is sent in
    /// chunks, or up to the end of the connection to an HTTP/1.0 client.
    /// </summary>
    /// <param name="length">Bytes that will be written; fewer break the connection, more throw
    /// <see cref="InvalidOperationException"/>.</param>
    /// <exception cref="InvalidOperationException">The response began.</exception>
    public abstract PipeWriter Start(long? length = null);
}
