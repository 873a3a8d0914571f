using System.Globalization;

/// <summary>A handler around a handler: prints a line for each request, in the form that web servers agree
/// on.</summary>
internal sealed class AccessLog<TPClock, TConsole, THandler>(TPClock clock, TConsole console, THandler inner)
    : IHttpHandler
    where TPClock : struct, IPClock<TPClock>
    where TConsole : struct, IConsole<TConsole>
    where THandler : IHttpHandler
{
    /// <inheritdoc/>
    public async ValueTask Handle(HttpRequest request, HttpResponse response)
    {
        await inner.Handle(request, response);
        var time = TPClock.Now(clock).ToString("dd/MMM/yyyy:HH:mm:ss +0000", CultureInfo.InvariantCulture);
        TConsole.WriteLine(console, $"{request.Remote.Address} - - [{time}] \"{request}\" {(int)response.Status} -");
    }
}
