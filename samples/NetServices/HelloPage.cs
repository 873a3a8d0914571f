/// <summary>Answers every request with one line.</summary>
internal readonly struct HelloPage : IHttpHandler
{
    /// <inheritdoc/>
    public ValueTask Handle(HttpRequest request, HttpResponse response)
    {
        response.AddHeader("Content-Type"u8, "text/plain"u8);
        return response.Send("Hello, World!"u8);
    }
}
