using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>A connection between a server and a client that speaks bytes, in virtual time.</summary>
internal sealed class HttpWorld : IDisposable
{
    private readonly StringBuilder _received = new();

    public HttpWorld(IHttpHandler? handler = null, HttpOptions? options = null, int window = 65536)
    {
        (Server, Client) = PipeFlow.Pair(Host, window);
        Connection = new HttpConnection<IHttpHandler>(
            Server, handler ?? Handler.Hello, options ?? HttpOptions.Default, Host.Loop,
            new HttpDateCache(Host.Loop), NullLogger.Instance);
    }

    public SimHost Host { get; } = new();

    public PipeFlow Server { get; }

    public PipeFlow Client { get; }

    public HttpConnection<IHttpHandler> Connection { get; }

    /// <summary>Seconds since the world began.</summary>
    public double Seconds => Host.Loop.NowNs / 1e9;

    /// <summary>Everything that the client has received.</summary>
    public string Received => _received.ToString();

    /// <summary>Sends <paramref name="request"/> in pieces of <paramref name="piece"/> bytes, ends the client's
    /// stream, and gives what comes back.</summary>
    public static string Exchange(
        string request, IHttpHandler? handler = null, HttpOptions? options = null, int piece = int.MaxValue)
    {
        using var world = new HttpWorld(handler, options);
        world.Run(async () =>
        {
            var receiving = world.ReceiveAll();
            foreach (var chunk in Encoding.Latin1.GetBytes(request).Chunk(piece))
            {
                await world.Client.Output.WriteAsync(chunk);
                await Task.Yield();
                await Task.Yield();
            }

            await world.Client.Output.CompleteAsync();
            await receiving;
        });
        return world.Received;
    }

    /// <summary>Runs the connection beside <paramref name="client"/> until both are done.</summary>
    public void Run(Func<Task> client) => Host.Run(async () =>
    {
        var serving = Connection.Run();
        await client();
        await serving;
    });

    public async Task Send(string text) => await Client.Output.WriteAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Waits in virtual time.</summary>
    public Task Wait(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), Host.Time);

    /// <summary>Receives until the server ends its stream.</summary>
    public Task ReceiveAll() => Receive(static _ => false);

    /// <summary>Receives until the text of everything received ends like this.</summary>
    public Task ReceiveUntil(string end) => Receive(text => text.EndsWith(end, StringComparison.Ordinal));

    private async Task Receive(Func<string, bool> isDone)
    {
        while (!isDone(Received))
        {
            var read = await Client.Input.ReadAsync();
            foreach (var memory in read.Buffer)
                _received.Append(Encoding.Latin1.GetString(memory.Span));
            Client.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return;
        }
    }

    public void Dispose() => Host.Dispose();
}
