using System.IO.Pipelines;
using LanguageExt;

namespace Mirage.Unix.Tests;

/// <summary>Two ends of one connection over 127.0.0.1, and what tests do with them.</summary>
internal sealed record SocketPair(SocketStack Stack, IListener Listener, IFlow Client, IFlow Server)
{
    public static async ValueTask<SocketPair> Open(UnixHost host)
    {
        var stack = SocketStack.On(host, IpAddress.LoopbackV4);
        var listener = Right(SocketStack.Listen(stack, 0));
        var client = Right(await SocketStack.Connect(stack, listener.Reachable));
        var server = Right(await listener.Accept());
        return new(stack, listener, client, server);
    }

    /// <summary>Runs <paramref name="test"/> on a fresh connection and closes everything.</summary>
    public static void Run(Func<UnixHost, SocketPair, ValueTask> test)
    {
        using var host = new UnixHost();
        host.Run(async () =>
        {
            var pair = await Open(host);
            await test(host, pair);
            await SocketStack.Disconnect(pair.Stack);
            Assert.Equal(0, host.Driver.WatchCount);
        });
    }

    public static T Right<TError, T>(Either<TError, T> result) =>
        result.Match(Right: static value => value, Left: error => throw new InvalidOperationException($"{error}"));

    public static TError Left<TError, T>(Either<TError, T> result) =>
        result.Match(Right: value => throw new InvalidOperationException($"{value}"), Left: static error => error);

    /// <summary>Everything up to the end of the stream.</summary>
    public static async Task<byte[]> ReadAll(PipeReader reader)
    {
        using var bytes = new MemoryStream();
        await reader.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    /// <summary>What reading fails with.</summary>
    public static async Task<TcpError> ReadError(PipeReader reader) =>
        (await Assert.ThrowsAsync<FlowException>(async () => await ReadAll(reader))).Error;

    public static byte[] Pattern(int length)
    {
        var bytes = new byte[length];
        for (var index = 0; index < length; index++)
            bytes[index] = (byte)((index * 31) ^ (index >> 8));
        return bytes;
    }
}
