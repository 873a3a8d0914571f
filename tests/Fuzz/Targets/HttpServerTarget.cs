using System.Text;
using Mirage.Net.Tests;
using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>The bytes of a connection to a server: what it answers does not depend on how they are split, and the
/// connection ends.</summary>
/// <remarks>Input: a byte that says how it is split and who answers, and the bytes of the client.</remarks>
internal sealed class HttpServerTarget() : FuzzTarget("http-server")
{
    public override int ShortRun => 200;

    public override IReadOnlyList<string> Reaches => ["200", "400", "501", "505", "reset"];

    public override long AllocationMax(int length) => (16 << 20) + (16_384L * length);

    public override byte[] Generate(SplitMix64 random)
    {
        var text = new StringBuilder();
        for (var count = 1 + random.Next(4); count > 0; count--)
            text.Append(HttpTexts.Request(random));
        return [(byte)random.Next(256), .. Encoding.Latin1.GetBytes(text.ToString())];
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return;
        var text = Encoding.Latin1.GetString(input[1..]);
        var handler = (input[0] & 1) == 0 ? Handler.Hello : Handler.Echo;
        var whole = Exchange(text, handler, int.MaxValue);
        var split = Exchange(text, handler, 1 + (input[0] >> 2));
        Reach(whole.Length > 12 ? whole[9..12] : "nothing");
        Oracle.That(whole.Length == 0 || whole.StartsWith("HTTP/1.1 ", StringComparison.Ordinal), "An answer is one.");
        Oracle.That(!whole.Contains("HTTP/1.1 500", StringComparison.Ordinal), "No handler here fails.");
        if (!ReferenceEquals(handler, Handler.Echo)) // An echo is chunked as the content came.
            Oracle.Same(whole, split, "How a request is split changes no answer.");
    }

    private string Exchange(string text, Handler handler, int piece)
    {
        using var world = new HttpWorld(handler);
        world.Run(async () =>
        {
            var receiving = world.ReceiveAll();
            foreach (var chunk in Encoding.Latin1.GetBytes(text).Chunk(piece))
            {
                if (world.Server.IsAborted)
                    break; // A client hears that.
                await world.Client.Output.WriteAsync(chunk);
                await Task.Yield();
                await Task.Yield();
            }

            if (!world.Server.IsAborted)
                await world.Client.Output.CompleteAsync();
            try
            {
                await receiving;
            }
            catch (FlowException)
            {
                Reach("reset"); // Who breaks off in the middle of a request.
            }
        });
        Leaks.AssertNone(world.Host);
        Oracle.That(world.Server.IsDisposed, "The server lets go of its flow.");
        return world.Received;
    }
}
