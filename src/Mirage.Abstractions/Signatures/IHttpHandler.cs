namespace Mirage;

/// <summary>What an HTTP server calls for each request.</summary>
/// <remarks>Requests of one connection are handled one after another, those of several connections interleave at each
/// wait. A handler that is a struct is compiled into the server.</remarks>
public interface IHttpHandler
{
    /// <summary>
    /// Answers one request. Both arguments are valid until the task completes, and used for the next request
    /// afterwards. A response that was not begun is sent without content. What the handler throws is logged and
    /// answered by 500, or breaks the connection when the response has begun.
    /// </summary>
    ValueTask Handle(HttpRequest request, HttpResponse response);
}
