using LanguageExt;

namespace Mirage.Testing;

/// <summary>A stack under test, whatever its type is.</summary>
internal abstract class ScriptedStack
{
    public abstract Task<Either<TcpError, IFlow>> Connect(Endpoint remote, FlowOptions options);

    public abstract Either<TcpError, IListener> Listen(ushort port, ListenOptions options);

    public abstract Either<UdpError, UdpPort> Bind(ushort port, ScriptPort handler);

    public abstract Either<UdpError, Unit> Write(UdpPort source, Endpoint destination, ReadOnlyMemory<byte> payload);

    public abstract Task Disconnect();
}
