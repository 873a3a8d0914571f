using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Mirage.Net;

namespace Mirage.Testing.Tests;

/// <summary>What is too long for the key-value server is refused, and harms nothing that is not.</summary>
public sealed class KvLimitTests
{
    [Fact]
    public async Task Lines_LongerThanTheLimit_AreRefusedHoweverTheyCome()
    {
        var input = PipeReader.Create(new ReadOnlySequence<byte>("1234\n12345\nab\n123456"u8.ToArray()));
        Assert.Equal("1234", await Lines.Read(input, 4));
        await Assert.ThrowsAsync<InvalidDataException>(async () => await Lines.Read(input, 4));
        Assert.Equal("ab", await Lines.Read(input, 4));
        await Assert.ThrowsAsync<InvalidDataException>(async () => await Lines.Read(input, 4));
    }

    [Fact]
    public async Task Lines_LongerThanTheLimit_InPieces_AreRefusedWhole()
    {
        var pipe = new Pipe();
        var line = Lines.Read(pipe.Reader, 4);
        foreach (var piece in (string[])["12345", "67", "8\n"])
            await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(piece));
        await Assert.ThrowsAsync<InvalidDataException>(async () => await line);
        await pipe.Writer.WriteAsync("ab\n"u8.ToArray());
        Assert.Equal("ab", await Lines.Read(pipe.Reader, 4));
    }

    [Theory]
    [InlineData(LogRecord.ContentMax, true)]
    [InlineData(LogRecord.ContentMax + 1, false)]
    public void LogStore_ContentAtTheLimit_IsFoundAgain_BeyondItIsRefused(int length, bool isTaken)
    {
        var disk = new SimDisk(512, 256);
        var value = "é" + new string('x', length - 3);
        With(disk, async store =>
        {
            Assert.Equal(isTaken ? null : "key and value have at most 4096 bytes", await store.Set("a", value));
            Assert.Null(await store.Set("b", "1"));
        });
        With(disk, store =>
        {
            Assert.Equal((isTaken ? value : null, "1"), (store.Get("a"), store.Get("b")));
            return ValueTask.CompletedTask;
        });
    }

    [Fact]
    public void Server_LineTooLongInOneBurst_AnswersWithAnErrorAndEnds_AndKeepsWhatItAcknowledges()
    {
        var world = new SimWorld(1);
        var (net, server, client) = (world.AddNet(), world.AddMachine("server"), world.AddMachine("client"));
        net.Attach(server);
        net.Attach(client);
        server.Attach("", new SimDisk(512, 4096));
        server.Boot<KvServer<TcpIp<SimNetif>, SimBlock>>("--ipv4=10.0.0.1/24");
        var answers = new List<string?>();
        client.Run(async host =>
        {
            var stack = TcpIp<SimNetif>.Create(host, SimNetif.On(host), Cidr.Parse("10.0.0.10/24"));
            await Task.Delay(TimeSpan.FromSeconds(1), host.Time);
            answers.AddRange(await Ask(stack, $"SET a {new string('x', 5000)}", 2));
            answers.AddRange(await Ask(stack, "SET b 1", 1));
            world.At(world.Now, server.Crash);
            world.At(world.Now + TimeSpan.FromSeconds(1), server.Restart);
            await Task.Delay(TimeSpan.FromSeconds(3), host.Time);
            answers.AddRange(await Ask(stack, "GET a\nGET b", 2));
        });
        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(["ERROR A line has at most 1024 bytes.", null, "OK", "NONE", "VALUE 1"], answers);
    }

    private static async ValueTask<IReadOnlyList<string?>> Ask(TcpIp<SimNetif> stack, string text, int answers)
    {
        var server = new Endpoint(IpAddress.Parse("10.0.0.1"), 7000);
        var flow = (IFlow)(await TcpIp<SimNetif>.Connect(stack, server, default)).Case;
        Encoding.UTF8.GetBytes($"{text}\n", flow.Output);
        await flow.Output.FlushAsync();
        var lines = new List<string?>();
        for (var line = 0; line < answers; line++)
            lines.Add(await Lines.Read(flow.Input, 9000));
        flow.Abort();
        await flow.DisposeAsync();
        return lines;
    }

    private static void With(SimDisk disk, Func<LogStore<SimBlock>, ValueTask> act)
    {
        using var host = new SimHost();
        host.Run(async () => await act((await LogStore<SimBlock>.Open(SimBlock.Over(host, disk), 1)).Match(
            static store => store, static error => throw new InvalidOperationException(error.ToString()))));
    }
}
