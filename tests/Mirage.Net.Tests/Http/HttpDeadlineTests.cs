namespace Mirage.Net.Tests;

/// <summary>Every wait for a client has a deadline; all in virtual time.</summary>
public sealed class HttpDeadlineTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static readonly HttpOptions s_options = new()
    {
        IdleLimit = TimeSpan.FromSeconds(50),
        HeadLimit = TimeSpan.FromSeconds(20),
        BodyLimit = TimeSpan.FromSeconds(10),
        WriteLimit = TimeSpan.FromSeconds(5),
        LingerLimit = TimeSpan.FromSeconds(2),
        BodyProgressBytes = 100,
    };

    private static Handler Reader { get; } = new(static async (request, response) =>
    {
        while (await request.Body.ReadAsync() is var read && !read.IsCompleted)
            request.Body.AdvanceTo(read.Buffer.End);
        await response.Send("ok"u8);
    });

    [Fact]
    public void SilentClient_IsClosedWithoutAWordAfterTheIdleLimit()
    {
        using var world = new HttpWorld(options: s_options);
        world.Run(world.ReceiveAll);
        Assert.Equal(("", 50.0), (world.Received, world.Seconds));
        Assert.False(world.Server.IsAborted);
    }

    [Fact]
    public void IdleLimit_BeginsAnewAfterEachResponse()
    {
        using var world = new HttpWorld(options: s_options);
        world.Run(async () =>
        {
            await world.Wait(40);
            await world.Send(Get);
            await world.Wait(40);
            await world.Send(Get);
            await world.ReceiveAll();
        });
        Assert.Equal(2, Response.ReadAll(world.Received).Count);
        Assert.Equal(130.0, world.Seconds);
    }

    [Fact]
    public void HeadThatDribbles_IsAnsweredBy408AtTheHeadLimit()
    {
        using var world = new HttpWorld(options: s_options);
        world.Run(async () =>
        {
            await world.Wait(3);
            foreach (var piece in (string[])["G", "E", "T", " ", "/"])
            {
                await world.Send(piece);
                await world.Wait(3);
            }

            await world.ReceiveAll();
            Assert.Equal(23.0, world.Seconds);
        });
        Assert.Equal(408, Response.Read(world.Received).Status);
        Assert.Equal(25.0, world.Seconds); // The client does not close: the server lingers and is done.
    }

    [Fact]
    public void ContentThatStops_IsAnsweredBy408AtTheBodyLimit()
    {
        using var world = new HttpWorld(Reader, s_options);
        world.Run(async () =>
        {
            await world.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 500\r\n\r\nhello");
            await world.ReceiveAll();
            Assert.Equal(10.0, world.Seconds);
        });
        Assert.Equal(408, Response.Read(world.Received).Status);
    }

    [Theory]
    [InlineData(9, 408)]
    [InlineData(100, 200)]
    public void ContentThatDribbles_NeedsProgressWithinEachLimit(int piece, int status)
    {
        using var world = new HttpWorld(Reader, s_options);
        world.Run(async () =>
        {
            await world.Send("POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 600\r\n\r\n");
            for (var sent = 0; sent + piece <= 600 && world.Seconds < 60; sent += piece)
            {
                await world.Wait(9);
                await world.Send(new string('x', piece));
            }

            await world.ReceiveAll();
        });
        Assert.Equal(status, Response.Read(world.Received).Status);
    }

    [Fact]
    public void HandlerThatTakesLong_DoesNotCountAgainstTheClient()
    {
        HttpWorld? slow = null;
        using var world = slow = new HttpWorld(new Handler(async (request, response) =>
        {
            await slow!.Wait(1000);
            await request.Body.ReadAtLeastAsync(5);
            await response.Send("ok"u8);
        }), s_options);
        world.Run(async () =>
        {
            await world.Send("POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
            await world.ReceiveAll();
        });
        Assert.Equal(200, Response.Read(world.Received).Status);
    }

    [Fact]
    public void ClientThatDoesNotRead_IsResetAtTheWriteLimit()
    {
        using var world =
            new HttpWorld(new Handler((_, response) => response.Send(new byte[100_000])), s_options, window: 1000);
        world.Run(async () =>
        {
            await world.Send(Get);
            await world.Wait(6);
            await Assert.ThrowsAsync<FlowException>(world.ReceiveAll);
        });
        Assert.True(world.Server.IsAborted);
    }

    [Fact]
    public void ClientThatReadsSlowly_IsWaitedForAsLongAsItReads()
    {
        using var world = new HttpWorld(new Handler(async (_, response) =>
        {
            var writer = response.Start(10_000);
            for (var index = 0; index < 100; index++)
                await writer.WriteAsync(new byte[100]);
        }), s_options, window: 1000);
        world.Run(async () =>
        {
            await world.Send(Get);
            for (var read = 0L; read < 10_000;)
            {
                await world.Wait(4);
                var result = await world.Client.Input.ReadAsync();
                read += result.Buffer.Length;
                world.Client.Input.AdvanceTo(result.Buffer.End);
            }

            await world.Client.Output.CompleteAsync();
        });
        Assert.False(world.Server.IsAborted);
    }
}
