using System.Buffers;
using LanguageExt;
using Mirage.Net;

namespace Mirage.Testing.Tests;

/// <summary>What a planted stack does.</summary>
public interface IStackBug
{
    static virtual IFlow Wrap(IFlow flow) => flow;

    static virtual ValueTask<Either<TcpError, IFlow>> Connect(
        TcpIp<VirtualPort> stack, Endpoint remote, CancellationToken cancellation) =>
        TcpIp<VirtualPort>.Connect(stack, remote, cancellation);

    static virtual Either<UdpError, Unit> Write(
        PlantedStackCore core, UdpPort source, Endpoint destination, ReadOnlySequence<byte> payload) =>
        TcpIp<VirtualPort>.Write(core.Stack, source, destination, payload);
}
