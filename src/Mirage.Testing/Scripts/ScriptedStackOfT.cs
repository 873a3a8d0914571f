using LanguageExt;

namespace Mirage.Testing;

/// <summary>A stack of a known type.</summary>
internal sealed class ScriptedStack<TStack>(TStack stack) : ScriptedStack where TStack : struct, IStack<TStack>
{
    public override Task<Either<TcpError, IFlow>> Connect(Endpoint remote, FlowOptions options) =>
        TStack.Connect(stack, remote, options).AsTask();

    public override Either<TcpError, IListener> Listen(ushort port, ListenOptions options) =>
        TStack.Listen(stack, port, options);

    public override Either<UdpError, UdpPort> Bind(ushort port, ScriptPort handler) =>
        TStack.Bind(stack, port, new Handler(handler));

    public override Either<UdpError, Unit> Write(
        UdpPort source, Endpoint destination, ReadOnlyMemory<byte> payload) =>
        TStack.Write(stack, source, destination, new(payload));

    public override Task Disconnect() => TStack.Disconnect(stack).AsTask();

    private readonly struct Handler(ScriptPort port) : IDatagramHandler
    {
        public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload) =>
            port.Add(source, payload.ToArray());

        public void Unreachable(Endpoint destination, IcmpUnreachable reason) { }

        public void Closed() { }
    }
}
