using System.Buffers;
using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>What a request of an open connection allocates in the whole stack, client and server.</summary>
public sealed class HttpStackAllocationTests
{
    private const int Warm = 5_000, Measured = 10_000, Windows = 4;

    [Fact]
    public void RequestsOfOneConnection_OverTheStack_AllocateNothing()
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            await using var pair = Flows.Pair(host);
            var http = HttpServer<TcpIp<VirtualPort>>.Over(pair.Right, host);
            await using var listener = HttpServer<TcpIp<VirtualPort>>.Listen(http, 80, new Hello()).Value();
            using var stop = new CancellationTokenSource();
            var serving = listener.Run(stop.Token);
            await using (var client = await pair.Connect(80))
            {
                await Ask(client, Warm);
                // What the runtime does for itself while code is compiled anew falls into some windows, not into all.
                var least = long.MaxValue;
                for (var window = 0; window < Windows; window++)
                {
                    var before = GC.GetAllocatedBytesForCurrentThread();
                    await Ask(client, Measured);
                    least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
                }

                Assert.InRange((double)least / Measured, 0, 1);
            }

            await stop.CancelAsync();
            await serving;
        });
    }

    private static async Task Ask(IFlow client, int count)
    {
        for (; count > 0; count--)
        {
            client.Output.Write("GET /plaintext HTTP/1.1\r\nHost: h\r\nAccept: */*\r\n\r\n"u8);
            await client.Output.FlushAsync();
            var read = await client.Input.ReadAsync();
            client.Input.AdvanceTo(read.Buffer.End);
        }
    }

    private readonly struct Hello : IHttpHandler
    {
        public ValueTask Handle(HttpRequest request, HttpResponse response) => response.Send("Hello, World!"u8);
    }
}
