using System.Buffers;
using static Mirage.Unix.Tests.SocketPair;

namespace Mirage.Unix.Tests;

public abstract partial class StackTests<TStack>
{
    private const int Megabyte = 1_000_000;

    [Fact]
    public void Established_AMegabyte_IsEchoed() => Run(static async ends =>
    {
        var (client, server) = await ends.Establish();
        var (echoing, reading) = (Echo(server), ReadAll(client.Input));
        await Send(client, Pattern(Megabyte));
        await client.Output.CompleteAsync();
        Assert.Equal(Pattern(Megabyte), await reading);
        await echoing;
    });

    [Fact]
    public void Established_AMegabyteEachWayAtOnce_ArrivesWhole() => Run(static async ends =>
    {
        var (client, server) = await ends.Establish();
        var (up, down) = (Pattern(Megabyte), Pattern(Megabyte + 1)[1..]);
        var (atServer, atClient) = (ReadAll(server.Input), ReadAll(client.Input));
        await Task.WhenAll(Send(client, up), Send(server, down));
        await client.Output.CompleteAsync();
        await server.Output.CompleteAsync();
        Assert.Equal(up, await atServer);
        Assert.Equal(down, await atClient);
    });

    [Fact]
    public void Established_SingleBytes_AreAStream() => Run(static async ends =>
    {
        var (client, server) = await ends.Establish();
        foreach (var letter in "a stream has no bounds"u8.ToArray())
            await client.Output.WriteAsync(new[] { letter });
        await client.Output.CompleteAsync();
        Assert.Equal("a stream has no bounds"u8.ToArray(), await ReadAll(server.Input));
    });

    [Fact]
    public void ClientEndsItsStream_ServerStillSends() => Run(static async ends =>
    {
        var (client, server) = await ends.Establish();
        await OneEndsTheOtherSends(client, server);
    });

    [Fact]
    public void ServerEndsItsStream_ClientStillSends() => Run(static async ends =>
    {
        var (client, server) = await ends.Establish();
        await OneEndsTheOtherSends(server, client);
    });

    [Fact]
    public void PeerHasEnded_ReadAgain_SaysSoAgain() => Run(static async ends =>
    {
        var (client, server) = await ends.Establish();
        await client.Output.WriteAsync("last"u8.ToArray());
        await client.Output.CompleteAsync();
        Assert.Equal("last"u8.ToArray(), await ReadAll(server.Input));
        for (var time = 0; time < 3; time++)
        {
            var read = await server.Input.ReadAsync();
            Assert.True(read.IsCompleted);
            Assert.True(read.Buffer.IsEmpty);
            server.Input.AdvanceTo(read.Buffer.End);
        }
    });

    [Fact]
    public void NothingConsumed_Read_IsOfferedAgainWithMore() => Run(static async ends =>
    {
        var (client, server) = await ends.Establish();
        await client.Output.WriteAsync("one"u8.ToArray());
        var read = await server.Input.ReadAsync();
        server.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        await client.Output.WriteAsync(" two"u8.ToArray());
        read = await server.Input.ReadAtLeastAsync(7);
        Assert.Equal("one two"u8.ToArray(), read.Buffer.ToArray());
        server.Input.AdvanceTo(read.Buffer.End);
    });

    [Fact]
    public void NobodyReads_Flush_WaitsUntilSomebodyDoes() => Run(static async ends =>
    {
        const int Total = 32 * 1024 * 1024;
        var (client, server) = await ends.Establish();
        var (piece, written) = (Pattern(64 * 1024), 0);
        var writing = Write();
        await ends.Settle();
        Assert.False(writing.IsCompleted);
        Assert.InRange(written, 1, Total / 2);

        var read = 0L;
        while (true)
        {
            var result = await server.Input.ReadAsync();
            foreach (var memory in result.Buffer)
                read = Check(memory.Span, read);
            server.Input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                break;
        }

        await writing;
        Assert.Equal(Total, read);

        async Task Write()
        {
            for (; written < Total; written += piece.Length)
                await client.Output.WriteAsync(piece);
            await client.Output.CompleteAsync();
        }

        long Check(ReadOnlySpan<byte> bytes, long at)
        {
            foreach (var value in bytes)
            {
                if (value != piece[at++ % piece.Length])
                    Assert.Fail($"Byte {at - 1} is not what was written.");
            }

            return at;
        }
    });

    [Fact]
    public void TwoHundredConnections_AtOnce_EachGetsItsOwnEcho() => Run(static async ends =>
    {
        const int Count = 200;
        await using var listener = ends.Listen(0, new ListenOptions { Backlog = Count });
        var serving = Serve();
        Assert.Equal(Enumerable.Range(0, Count), await Task.WhenAll(Enumerable.Range(0, Count).Select(Ask)));
        await serving;

        async Task Serve()
        {
            var echoes = new List<Task>();
            for (var number = 0; number < Count; number++)
                echoes.Add(Echo(Right(await listener.Accept())));
            await Task.WhenAll(echoes);
        }

        async Task<int> Ask(int number)
        {
            await using var flow = await ends.Connect(listener);
            await flow.Output.WriteAsync(BitConverter.GetBytes(number));
            await flow.Output.CompleteAsync();
            return BitConverter.ToInt32(await ReadAll(flow.Input));
        }
    });

    private static async Task OneEndsTheOtherSends(IFlow one, IFlow other)
    {
        await one.Output.CompleteAsync();
        Assert.Empty(await ReadAll(other.Input));
        var reading = ReadAll(one.Input);
        await Send(other, Pattern(100_000));
        await other.Output.CompleteAsync();
        Assert.Equal(Pattern(100_000), await reading);
    }
}
