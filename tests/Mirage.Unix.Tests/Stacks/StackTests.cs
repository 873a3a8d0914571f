using static Mirage.Unix.Tests.SocketPair;

namespace Mirage.Unix.Tests;

/// <summary>
/// What an application may expect of a stack, whatever it is made of: written against <see cref="IStack{TSelf}"/> and
/// what it hands out, and run on each implementation.
/// </summary>
/// <typeparam name="TStack">The stack that is tested.</typeparam>
public abstract partial class StackTests<TStack> where TStack : struct, IStack<TStack>
{
    /// <summary>Runs <paramref name="test"/> on fresh stacks, disconnects them, and sees that nothing is
    /// left.</summary>
    protected abstract void Run(Func<StackEnds<TStack>, Task> test);

    [Fact]
    public void Stack_Addresses_HoldWhereItIsReached() => Run(static async ends =>
    {
        await using var listener = ends.Listen();
        Assert.Contains(listener.Reachable.Address, TStack.Addresses(ends.Server).Select(static cidr => cidr.Address));
    });

    [Fact]
    public void Disconnected_Everything_IsClosed() => Run(static async ends =>
    {
        var listener = ends.Listen();
        var (client, server) = await ends.Establish();
        var accepting = listener.Accept();
        var reading = ReadError(server.Input);
        var port = Right(TStack.Bind(ends.Server, 0, default(Deaf)));
        await TStack.Disconnect(ends.Server);
        Assert.Equal(new TcpError.Closed(), Left(await accepting));
        Assert.Equal(new TcpError.Closed(), await reading);
        Assert.Equal(new TcpError.Closed(), Left(TStack.Listen(ends.Server, 0)));
        Assert.Equal(new TcpError.Closed(), Left(await TStack.Connect(ends.Server, client.Local)));
        Assert.Equal(new UdpError.Closed(), Left(TStack.Bind(ends.Server, 0, default(Deaf))));
        Assert.Equal(new UdpError.Closed(), Left(TStack.Write(ends.Server, port, port.Reachable, default)));
    });

    private protected static async Task Echo(IFlow flow)
    {
        await flow.Input.CopyToAsync(flow.Output);
        await flow.DisposeAsync();
    }

    private protected static async Task Send(IFlow flow, byte[] bytes)
    {
        const int Piece = 16 * 1024;
        for (var at = 0; at < bytes.Length; at += Piece)
            await flow.Output.WriteAsync(bytes.AsMemory(at, Math.Min(Piece, bytes.Length - at)));
    }

    private readonly struct Deaf : IDatagramHandler
    {
        public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload) { }
    }
}
