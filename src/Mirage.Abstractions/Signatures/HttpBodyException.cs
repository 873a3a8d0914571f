using System.Net;

namespace Mirage;

/// <summary>How reading the content of a request fails: it is malformed, too long, too slow or cut off.</summary>
/// <remarks>A handler that lets it pass has the request answered by <see cref="Status"/>.</remarks>
public sealed class HttpBodyException : IOException
{
    /// <summary>A failure that <paramref name="status"/> answers.</summary>
    public HttpBodyException(HttpStatusCode status, string reason) : base(reason) => Status = status;

    /// <summary>The status that tells the client.</summary>
    public HttpStatusCode Status { get; }
}
