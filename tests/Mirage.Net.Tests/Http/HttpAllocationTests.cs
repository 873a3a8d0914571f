using System.Buffers;
using Microsoft.Extensions.Logging.Abstractions;
using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>The claim that a request which is answered at once allocates nothing.</summary>
public sealed class HttpAllocationTests
{
    private const int Warm = 2_000, Measured = 20_000;

    [Fact]
    public void RequestsOfOneConnection_AllocateNothing()
    {
        using var host = new SimHost();
        var perRequest = host.Run(async () =>
        {
            var (server, client) = PipeFlow.Pair(host);
            var serving = new HttpConnection<Hello>(
                server, default, HttpOptions.Default, host.Loop, new HttpDateCache(host.Loop),
                NullLogger.Instance).Run();
            await Ask(client, Warm);
            var before = GC.GetAllocatedBytesForCurrentThread();
            await Ask(client, Measured);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            await client.DisposeAsync();
            await serving;
            return (double)allocated / Measured;
        });
        Assert.InRange(perRequest, 0, 1);
    }

    private static async ValueTask Ask(PipeFlow client, int count)
    {
        for (var index = 0; index < count; index++)
        {
            client.Output.Write("GET /plaintext HTTP/1.1\r\nHost: h\r\nUser-Agent: test\r\nAccept: */*\r\n\r\n"u8);
            await client.Output.FlushAsync();
            var read = await client.Input.ReadAsync();
            Assert.True(read.Buffer.Length > 100);
            client.Input.AdvanceTo(read.Buffer.End);
        }
    }

    private readonly struct Hello : IHttpHandler
    {
        public ValueTask Handle(HttpRequest request, HttpResponse response)
        {
            response.AddHeader("Content-Type"u8, "text/plain"u8);
            return response.Send("Hello, World!"u8);
        }
    }
}
