using System.Globalization;

/// <summary>A handler around a handler: prints a line for each request, in the form that web servers agree on.</summary>
internal sealed class AccessLog<TPClock, TConsole, THandler>(TPClock clock, TConsole console, THandler inner) : IHttpHandler
    where TPClock : struct, IPClock<TPClock>
    where TConsole : struct, IConsole<TConsole>
    where THandler : IHttpHandler
{
    /// <inheritdoc/>
    public async ValueTask Handle(HttpRequest request, HttpResponse response)
    {
        await inner.Handle(request, response);
        TConsole.WriteLine(console, string.Create(CultureInfo.InvariantCulture,
            $"{request.Remote.Address} - - [{TPClock.Now(clock):dd/MMM/yyyy:HH:mm:ss +0000}] \"{request}\" {(int)response.Status} -"));
    }
}
