namespace Mirage.Net.Tests;

/// <summary>A handler made of a function.</summary>
internal sealed class Handler(Func<HttpRequest, HttpResponse, ValueTask> handle) : IHttpHandler
{
    /// <summary>Answers 'Hello, World!' to everything.</summary>
    public static Handler Hello { get; } = new(static (_, response) => response.Send("Hello, World!"u8));

    /// <summary>Sends the content of the request back, as it comes.</summary>
    public static Handler Echo { get; } = new(static async (request, response) =>
    {
        var writer = response.Start();
        while (true)
        {
            var read = await request.Body.ReadAsync();
            foreach (var memory in read.Buffer)
                await writer.WriteAsync(memory);
            request.Body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return;
        }
    });

    public ValueTask Handle(HttpRequest request, HttpResponse response) => handle(request, response);
}
