namespace Mirage.Net.Tests;

/// <summary>Expect: 100-continue, RFC 9110 section 10.1.1.</summary>
public sealed class HttpContinueTests
{
    private const string Head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";

    private static readonly Handler s_reader = new(static async (request, response) =>
    {
        await request.Body.ReadAtLeastAsync(5);
        await response.Send("ok"u8);
    });

    [Fact]
    public void HandlerThatReads_LetsTheClientSend()
    {
        using var world = new HttpWorld(s_reader);
        world.Run(async () =>
        {
            await world.Send(Head);
            await world.ReceiveUntil("100 Continue\r\n\r\n");
            await world.Send("hello");
            await world.ReceiveUntil("ok");
            await world.Client.Output.CompleteAsync();
        });
        Assert.Equal([100, 200], Response.ReadAll(world.Received).Select(response => response.Status));
    }

    [Fact]
    public void HandlerThatDoesNotRead_AnswersAndCloses()
    {
        using var world = new HttpWorld();
        world.Run(async () =>
        {
            await world.Send(Head);
            await world.ReceiveAll();
            await world.Client.Output.CompleteAsync();
        });
        var response = Response.Read(world.Received);
        Assert.Equal((200, "close"), (response.Status, response["Connection"]));
    }

    [Fact]
    public void ContentThatIsThereAlready_NeedsNoContinue()
    {
        Assert.Equal(200, Response.Read(HttpWorld.Exchange(Head + "hello", s_reader)).Status);
    }
}
