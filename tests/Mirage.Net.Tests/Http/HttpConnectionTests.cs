using System.Buffers;
using System.Net;
using System.Text;

namespace Mirage.Net.Tests;

/// <summary>Requests and responses on one connection: RFC 9112 sections 6 to 9.</summary>
public sealed class HttpConnectionTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private const string ChunkedPost = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";

    [Fact]
    public void Request_IsAnsweredWithDateAndLength()
    {
        var response = Response.Read(HttpWorld.Exchange(Get));
        Assert.Equal((200, "Hello, World!"), (response.Status, response.Body));
        Assert.Equal(["Date", "Content-Length"], response.Headers.Select(header => header.Name));
        Assert.Equal("Thu, 01 Jan 2026 00:00:00 GMT", response["Date"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void PipelinedRequests_AreAnsweredInOrder(int piece)
    {
        var handler = new Handler(async (request, response) =>
        {
            if (request.Path.EndsWith("1"u8))
                await Task.Yield();
            await response.Send(request.Path.ToArray());
        });
        var text = string.Concat(
            Enumerable.Range(0, 30).Select(number => $"GET /{number} HTTP/1.1\r\nHost: h\r\n\r\n"));
        Assert.Equal(Enumerable.Range(0, 30).Select(number => $"/{number}"),
            Response.ReadAll(HttpWorld.Exchange(text, handler, piece: piece)).Select(response => response.Body));
    }

    [Fact]
    public void MoreRequestsThanABurst_AreAllAnswered() =>
        Assert.Equal(500, Response.ReadAll(HttpWorld.Exchange(string.Concat(Enumerable.Repeat(Get, 500)))).Count);

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "close", 1)]
    [InlineData("GET / HTTP/1.0\r\n\r\n", "close", 1)]
    [InlineData("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "keep-alive", 2)]
    [InlineData("GET / HTTP/1.1\r\nHost: h\r\n\r\n", null, 2)]
    public void Persistence_FollowsVersionAndConnectionField(string request, string? connection, int answers)
    {
        var responses = Response.ReadAll(HttpWorld.Exchange(request + Get));
        Assert.Equal(answers, responses.Count);
        Assert.Equal(connection, responses[0]["Connection"]);
    }

    [Fact]
    public void RefusedRequest_ClosesTheConnectionAndReadsOn()
    {
        using var world = new HttpWorld();
        world.Run(async () =>
        {
            await world.Send("GET / HTTP/1.1\r\n\r\n" + Get);
            await world.ReceiveAll();
            await world.Client.Output.CompleteAsync();
        });
        var response = Response.Read(world.Received);
        Assert.Equal((400, "400 Bad Request\n", "close"), (response.Status, response.Body, response["Connection"]));
        Assert.True(world.Server.IsDisposed);
        Assert.False(world.Server.IsAborted);
    }

    [Fact]
    public void Head_HasTheHeadOfGetWithoutContent()
    {
        var text = HttpWorld.Exchange("HEAD / HTTP/1.1\r\nHost: h\r\n\r\nHEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.All(Response.ReadAll(text, isHead: true), response => Assert.Equal("13", response["Content-Length"]));
        var handler = new Handler(async (_, response) => await response.Start(5).WriteAsync("12345"u8.ToArray()));
        Assert.Equal("5", Response.Read(
            HttpWorld.Exchange("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n", handler), isHead: true)["Content-Length"]);
    }

    [Theory]
    [InlineData(HttpStatusCode.NoContent)]
    [InlineData(HttpStatusCode.NotModified)]
    public void StatusWithoutContent_SendsNoneAndNoLength(HttpStatusCode status)
    {
        var handler = new Handler((_, response) =>
        {
            response.Status = status;
            return response.Send("dropped"u8);
        });
        var responses = Response.ReadAll(HttpWorld.Exchange(Get + Get, handler));
        Assert.Equal(2, responses.Count);
        Assert.All(responses, response => Assert.Null(response["Content-Length"]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(60_000)]
    public void ContentOfAnySize_ComesBackFramedByLengthAndByChunks(int size)
    {
        var body = new string('x', size);
        var sent = Encoding.Latin1.GetBytes(body);
        Assert.Equal(body, Response.Read(
            HttpWorld.Exchange(Get, new Handler((_, response) => response.Send(sent)))).Body);
        var byLength = new Handler(async (_, response) => await response.Start(size).WriteAsync(sent));
        Assert.Equal(body, Response.Read(HttpWorld.Exchange(Get, byLength)).Body);
        var chunked = new Handler(async (_, response) => await response.Start().WriteAsync(sent));
        Assert.Equal(body, Response.Read(HttpWorld.Exchange(Get, chunked)).Body);
        var old = Response.Read(HttpWorld.Exchange("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", chunked));
        Assert.Equal((body, null, "close"), (old.Body, old["Transfer-Encoding"], old["Connection"]));
    }

    [Fact]
    public void Trailers_FollowTheLastChunk()
    {
        var handler = new Handler(async (_, response) =>
        {
            await response.Start().WriteAsync("ab"u8.ToArray());
            response.AddTrailer("Digest"u8, "1"u8);
        });
        Assert.Equal("abDigest: 1\r\n", Response.Read(HttpWorld.Exchange(Get, handler)).Body);
    }

    [Theory]
    [InlineData("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello", 1)]
    [InlineData("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello", 100)]
    [InlineData(ChunkedPost + "5\r\nhello\r\n0\r\n\r\n", 1)]
    [InlineData(ChunkedPost + "2;a=b;c=\"d\"\r\nhe\r\n003 \t;x\r\nllo\r\n00\r\n\r\n", 1)]
    [InlineData(ChunkedPost + "2\r\nhe\r\n3\r\nllo\r\n0\r\nA: b\r\nC: d\r\n\r\n", 3)]
    [InlineData(ChunkedPost + "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", 100)]
    public void RequestContent_IsReadWithoutItsFraming(string request, int piece)
    {
        var responses = Response.ReadAll(HttpWorld.Exchange(request + Get, Handler.Echo, piece: piece));
        Assert.Equal(["hello", ""], responses.Select(response => response.Body));
    }

    [Fact]
    public void RequestTrailers_AreKnownAtTheEndOfTheContent()
    {
        var handler = new Handler(async (request, response) =>
        {
            while (await request.Body.ReadAsync() is var read && !read.IsCompleted)
                request.Body.AdvanceTo(read.Buffer.End);
            await response.Send(request.TrailerValue(request.TrailerCount - 1));
        });
        Assert.Equal("d", Response.Read(
            HttpWorld.Exchange(ChunkedPost + "1\r\nx\r\n0\r\nA: b\r\nC: d\r\n\r\n", handler)).Body);
    }

    [Theory]
    [InlineData("5 \r\nhello\r\n0\r\n\r\n", 400)]
    [InlineData(" 5\r\nhello\r\n0\r\n\r\n", 400)]
    [InlineData("\r\n", 400)]
    [InlineData("0x5\r\nhello\r\n0\r\n\r\n", 400)]
    [InlineData("5\nhello\r\n0\r\n\r\n", 400)]
    [InlineData("5;\0\r\nhello\r\n0\r\n\r\n", 400)]
    [InlineData("5\r\nhelloo\r\n0\r\n\r\n", 400)]
    [InlineData("5\r\nhello\n0\r\n\r\n", 400)]
    [InlineData("5\r\nhello\r\n0\r\nA: b\n\r\n", 400)]
    [InlineData("5\r\nhello\r\n0\r\nA b\r\n\r\n", 400)]
    [InlineData("5\r\nhello\r\n0\r\n b\r\n\r\n", 400)]
    [InlineData("5\r\nhello", 400)]
    [InlineData("FFFFFFFFFFFFFFFFF\r\n", 413)]
    [InlineData("41\r\n", 413)]
    [InlineData("30\r\n012345678901234567890123456789012345678901234567\r\n11\r\n", 413)]
    public void MalformedChunks_AreRefused(string chunks, int status)
    {
        var handler = new Handler(async (request, response) =>
        {
            while (await request.Body.ReadAsync() is var read && !read.IsCompleted)
                request.Body.AdvanceTo(read.Buffer.End);
            await response.Send(default);
        });
        for (var piece = 1; piece < 40; piece += 6)
        {
            var response =
                Response.Read(HttpWorld.Exchange(ChunkedPost + chunks, handler, new() { BodyBytesMax = 64 }, piece));
            Assert.Equal((status, "close"), (response.Status, response["Connection"]));
        }
    }

    [Fact]
    public void ContentAtTheLimit_IsTaken_AndOneBytePastItRefusedUnread()
    {
        var options = new HttpOptions { BodyBytesMax = 5 };
        Assert.Equal(200, Response.Read(
            HttpWorld.Exchange(
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello", options: options)).Status);
        Assert.Equal(413, Response.Read(
            HttpWorld.Exchange(
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nhello!", options: options)).Status);
    }

    [Theory]
    [InlineData(10, 2)]
    [InlineData(11, 1)]
    public void UnreadContent_IsDroppedUpToItsLimit(int size, int answers)
    {
        var post = $"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {size}\r\n\r\n{new string('x', size)}";
        Assert.Equal(answers, Response.ReadAll(
            HttpWorld.Exchange(post + Get, options: new() { DrainBytesMax = 10 })).Count);
    }

    [Fact]
    public void ContentThatIsCutOff_IsAnsweredBy400()
    {
        var text = HttpWorld.Exchange(
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nhello", new Handler(async (request, response) =>
        {
            await request.Body.ReadAtLeastAsync(6);
            await response.Send(default);
        }));
        Assert.Equal(400, Response.Read(text).Status);
    }

    [Fact]
    public void HeadThatIsCutOff_IsAnsweredBy400_AndNoHeadByNothing()
    {
        Assert.Equal(400, Response.Read(HttpWorld.Exchange("GET / HTTP/1.1\r\nHost")).Status);
        Assert.Equal("", HttpWorld.Exchange(""));
    }

    [Fact]
    public void ReaderThatExaminesWithoutConsuming_GetsTheWholeContent()
    {
        var handler = new Handler(async (request, response) =>
        {
            while (true)
            {
                var read = await request.Body.ReadAsync();
                if (read.IsCompleted)
                {
                    await response.Send(read.Buffer.ToArray());
                    return;
                }

                request.Body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        });
        Assert.Equal("hello", Response.ReadAll(HttpWorld.Exchange(
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello" + Get, handler, piece: 1))[0].Body);
        Assert.Equal("hello", Response.ReadAll(
            HttpWorld.Exchange(ChunkedPost + "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n" + Get, handler, piece: 1))[0].Body);
    }

    [Fact]
    public void ThrowingHandler_IsAnsweredBy500_AndTheConnectionGoesOn()
    {
        var handler = new Handler((request, _) => request.Path.SequenceEqual("/"u8)
            ? throw new InvalidOperationException("planted")
                : new(Task.FromException(new InvalidOperationException("planted"))));
        var responses = Response.ReadAll(HttpWorld.Exchange(Get + "GET /a HTTP/1.1\r\nHost: h\r\n\r\n" + Get, handler));
        Assert.Equal([500, 500, 500], responses.Select(response => response.Status));
    }

    [Fact]
    public void HandlerThatFailsOrStopsShortInsideItsResponse_BreaksTheConnection()
    {
        foreach (var throws in (bool[])[true, false])
        {
            using var world = new HttpWorld(new Handler(async (_, response) =>
            {
                await response.Start(10).WriteAsync("12345"u8.ToArray());
                if (throws)
                    throw new InvalidOperationException("planted");
            }));
            world.Run(async () =>
            {
                await world.Send(Get);
                await Assert.ThrowsAsync<FlowException>(world.ReceiveAll);
            });
            Assert.True(world.Server.IsAborted);
        }
    }

    [Fact]
    public void HandlerThatWritesTooMuch_GetsAnException()
    {
        var thrown = new Handler(async (_, response) =>
        {
            var writer = response.Start(3);
            Assert.Throws<InvalidOperationException>(() => writer.Write("1234"u8));
            await writer.WriteAsync("123"u8.ToArray());
        });
        Assert.Equal("123", Response.Read(HttpWorld.Exchange(Get, thrown)).Body);
    }

    [Fact]
    public void HandlerThatSendsNothing_IsAnsweredWithoutContent()
    {
        var handler = new Handler((_, response) =>
        {
            response.Status = HttpStatusCode.Created;
            response.AddHeader("X"u8, "y"u8);
            return default;
        });
        var response = Response.Read(HttpWorld.Exchange(Get, handler));
        Assert.Equal((201, "0", "y"), (response.Status, response["Content-Length"], response["X"]));
    }

    [Fact]
    public void FieldsThatWouldBreakTheMessage_AreRefused()
    {
        var handler = new Handler((_, response) =>
        {
            Assert.Throws<ArgumentException>(() => response.AddHeader("A"u8, "b\r\nC: d"u8));
            Assert.Throws<ArgumentException>(() => response.AddHeader("A b"u8, "c"u8));
            Assert.Throws<ArgumentException>(() => response.AddHeader("content-length"u8, "1"u8));
            Assert.Throws<ArgumentException>(() => response.AddTrailer("Transfer-Encoding"u8, "chunked"u8));
            Assert.Throws<ArgumentOutOfRangeException>(() => response.Status = HttpStatusCode.Continue);
            Assert.Throws<InvalidOperationException>(() =>
                response.AddHeader("A"u8, new byte[40_000].Select(_ => (byte)'x').ToArray()));
            return response.Send(default);
        });
        Assert.Equal(200, Response.Read(HttpWorld.Exchange(Get, handler)).Status);
    }
}
