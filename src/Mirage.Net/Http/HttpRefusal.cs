using System.Net;

namespace Mirage.Net;

/// <summary>A connection beyond the limit: it is told so without being asked what it wants.</summary>
internal sealed class HttpRefusal(IFlow flow, HttpOptions options, EventLoop loop, HttpDateCache date) : IHttpConnection
{
    private readonly HttpTransport _transport = new(flow, loop, options);

    public async Task Run()
    {
        try
        {
            var body = new ServerRequestBody(_transport);
            var response = new ServerResponse(_transport, body, date);
            response.Begin(HttpVerb.Get, minorVersion: 1);
            await response.SendRefusal(HttpStatusCode.ServiceUnavailable);
            await _transport.Linger();
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            _transport.Abort(); // The client did not wait for the answer.
        }
        finally
        {
            await _transport.Close();
        }
    }

    public void Stop() => _transport.Abort();

    public void Abort() => _transport.Abort();
}
