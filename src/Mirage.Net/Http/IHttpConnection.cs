namespace Mirage.Net;

/// <summary>The part of an HTTP connection that its listener knows.</summary>
internal interface IHttpConnection
{
    /// <summary>Serves the connection to its end. Does not throw.</summary>
    Task Run();

    /// <summary>Ends the connection after the request under way, or at once when there is none.</summary>
    void Stop();

    /// <summary>Resets the connection.</summary>
    void Abort();
}
