using System.Buffers;
using System.IO.Pipelines;
using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>Two stacks on the two ends of a link in memory.</summary>
internal sealed class StackPair<TLeft, TRight> : IAsyncDisposable
    where TLeft : struct, INetwork<TLeft>
    where TRight : struct, INetwork<TRight>
{
    // More than any link of these tests keeps a frame.
    private static readonly TimeSpan s_linkDrains = TimeSpan.FromMinutes(1);
    private readonly SimHost _host;
    private readonly TLeft _leftLink;
    private readonly TRight _rightLink;

    public StackPair(SimHost host, TLeft left, TRight right,
        int leftMax = TcpLimits.ConnectionsMax, int rightMax = TcpLimits.ConnectionsMax)
    {
        (_host, _leftLink, _rightLink) = (host, left, right);
        Left = TcpIp<TLeft>.Create(host, left, Cidr.Parse("10.0.0.1/24"), null, leftMax);
        Right = TcpIp<TRight>.Create(host, right, Cidr.Parse("10.0.0.2/24"), null, rightMax);
    }

    public TcpIp<TLeft> Left { get; }

    public TcpIp<TRight> Right { get; }

    public static Endpoint At(ushort port) => new(IpAddress.Parse("10.0.0.2"), port);

    public IListener Listen(ushort port, ListenOptions options = default) =>
        TcpIp<TRight>.Listen(Right, port, options).Value();

    public async Task<IFlow> Connect(ushort port) => (await TcpIp<TLeft>.Connect(Left, At(port))).Value();

    /// <summary>An established connection, both ends of it.</summary>
    public async Task<(IFlow Client, IFlow Server)> Establish(ushort port = 80)
    {
        await using var listener = Listen(port);
        var accepting = listener.Accept();
        var client = await Connect(port);
        return (client, (await accepting).Value());
    }

    public async ValueTask DisposeAsync()
    {
        await TcpIp<TLeft>.Disconnect(Left);
        await TcpIp<TRight>.Disconnect(Right);
        await Task.Delay(s_linkDrains, _host.Time);
        await TLeft.Disconnect(_leftLink);
        await TRight.Disconnect(_rightLink);
        Leaks.AssertNone(_host);
    }
}

/// <summary>What tests of stacks do with flows.</summary>
internal static class Flows
{
    public static T Value<TError, T>(this LanguageExt.Either<TError, T> either) =>
        either.Match(value => value, error => throw new Xunit.Sdk.XunitException($"{error}"));

    public static TError Error<TError, T>(this LanguageExt.Either<TError, T> either) =>
        either.Match(value => throw new Xunit.Sdk.XunitException($"{value}"), error => error);

    public static StackPair<VirtualPort, VirtualPort> Pair(SimHost host, VirtualLinkOptions? options = null)
    {
        var (left, right) = VirtualPair.Create(host, options);
        return new(host, left, right);
    }

    public static byte[] Bytes(int count, ulong seed = 1)
    {
        var bytes = new byte[count];
        new SplitMix64(seed).Fill(bytes);
        return bytes;
    }

    /// <summary>Everything up to the end of the peer's stream.</summary>
    public static async Task<byte[]> ReadToEnd(this PipeReader reader)
    {
        while (true)
        {
            var result = await reader.ReadAsync();
            if (result.IsCompleted)
            {
                var bytes = result.Buffer.ToArray();
                reader.AdvanceTo(result.Buffer.End);
                return bytes;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    /// <summary>Everything up to the end of the peer's stream, without keeping it waiting.</summary>
    public static async Task<byte[]> Drain(this PipeReader reader)
    {
        var bytes = new MemoryStream();
        await reader.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    public static async Task<byte[]> ReadExactly(this PipeReader reader, int count)
    {
        var result = await reader.ReadAtLeastAsync(count);
        var bytes = result.Buffer.Slice(0, count).ToArray();
        reader.AdvanceTo(result.Buffer.GetPosition(count));
        return bytes;
    }

    public static async Task Write(this IFlow flow, byte[] bytes, int piece = 16_384)
    {
        for (var at = 0; at < bytes.Length; at += piece)
            await flow.Output.WriteAsync(bytes.AsMemory(at, Math.Min(piece, bytes.Length - at)));
    }
}
