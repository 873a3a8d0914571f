using Xunit;

namespace Mirage.Testing;

/// <summary>What a stack obeys: the laws of TCP, those of UDP, and those of both together.</summary>
/// <typeparam name="TStack">The stack under test.</typeparam>
public abstract class StackLaws<TStack> : TcpLaws<TStack> where TStack : struct, IStack<TStack>
{
    private const int DatagramCases = 20;

    /// <summary>Where a server is reached is among the addresses of its stack.</summary>
    [Fact]
    public void S1_ServersAreReachedAtAnAddressOfTheStack() => CheckEnds(async (run, ends) =>
    {
        await using var listener = Listen(run, ends);
        var addresses = run.Call("Ask for the addresses", () => TStack.Addresses(ends.Server));
        run.Expect(addresses.Any(cidr => cidr.Address == listener.Reachable.Address),
            $"{listener.Reachable.Address}", string.Join(", ", addresses));
    });

    /// <summary>A port of TCP and a port of UDP of the same number are two.</summary>
    [Fact]
    public void S2_PortsOfTcpAndUdpAreTwo() => CheckEnds(async (run, ends) =>
    {
        await using var listener = Listen(run, ends);
        run.Step($"Bind UDP port {listener.Port}");
        using var port = run.Right(run.Call(
            () => TStack.Bind(ends.Server, listener.Port, new DatagramHandler(new()))));
        run.ExpectEqual($"{listener.Reachable}", $"{port.Reachable}");
    });

    /// <inheritdoc cref="UdpLaws{TUdp}.U1_DatagramsKeepTheirBoundaries"/>
    [Fact]
    public void U1_DatagramsKeepTheirBoundaries() => Check(
        LawInputs.DatagramLengths,
        (run, _, lengths) => DatagramLaws<TStack>.Boundaries(run, EndsOf(run), lengths), DatagramCases);

    /// <inheritdoc cref="UdpLaws{TUdp}.U1_DatagramsAtOnceDoNotMix"/>
    [Fact]
    public void U1_DatagramsAtOnceDoNotMix() =>
        CheckEnds((run, ends) => DatagramLaws<TStack>.ManyAtOnce(run, ends, () => Settle(run.Host)));

    /// <inheritdoc cref="UdpLaws{TUdp}.U1_PiecesAreOneDatagram"/>
    [Fact]
    public void U1_PiecesAreOneDatagram() =>
        CheckEnds((run, ends) => DatagramLaws<TStack>.Pieces(run, ends));

    /// <inheritdoc cref="UdpLaws{TUdp}.U2_BothSidesSeeEachOther"/>
    [Fact]
    public void U2_BothSidesSeeEachOther() =>
        CheckEnds((run, ends) => DatagramLaws<TStack>.Echo(run, ends));

    /// <inheritdoc cref="UdpLaws{TUdp}.U3_MoreThanADatagramIsRefused"/>
    [Fact]
    public void U3_MoreThanADatagramIsRefused() =>
        CheckEnds((run, ends) => DatagramLaws<TStack>.TooLong(run, ends));

    /// <inheritdoc cref="UdpLaws{TUdp}.U4_PortIsInUseUntilItIsFreed"/>
    [Fact]
    public void U4_PortIsInUseUntilItIsFreed() =>
        CheckEnds((run, ends) => DatagramLaws<TStack>.PortInUse(run, ends));

    /// <inheritdoc cref="UdpLaws{TUdp}.U4_PortZeroIsAFreePortEachTime"/>
    [Fact]
    public void U4_PortZeroIsAFreePortEachTime() =>
        CheckEnds((run, ends) => DatagramLaws<TStack>.PortZero(run, ends));

    /// <inheritdoc cref="UdpLaws{TUdp}.U5_UnboundPortGetsNothing"/>
    [Fact]
    public void U5_UnboundPortGetsNothing() =>
        CheckEnds((run, ends) => DatagramLaws<TStack>.Unbound(run, ends, () => Settle(run.Host)));

    /// <inheritdoc cref="UdpLaws{TUdp}.U5_HandlerMayUnbindItsPort"/>
    [Fact]
    public void U5_HandlerMayUnbindItsPort() =>
        CheckEnds((run, ends) => DatagramLaws<TStack>.UnboundByItsHandler(run, ends, () => Settle(run.Host)));

    /// <inheritdoc cref="UdpLaws{TUdp}.U6_ConnectedPortGetsItsPeersDatagrams"/>
    [Fact]
    public void U6_ConnectedPortGetsItsPeersDatagrams() =>
        CheckEnds((run, ends) => DatagramLaws<TStack>.Connected(run, ends, () => Settle(run.Host)));

    /// <inheritdoc cref="UdpLaws{TUdp}.U7_SegmentsAreDatagrams"/>
    [Fact]
    public void U7_SegmentsAreDatagrams() =>
        CheckEnds((run, ends) => DatagramLaws<TStack>.Segments(run, ends));

    /// <inheritdoc cref="UdpLaws{TUdp}.D3_DisconnectedUdpIsClosed"/>
    [Fact]
    public void D3_DisconnectedUdpIsClosed() =>
        CheckEnds((run, ends) => DatagramLaws<TStack>.Disconnected(run, ends));
}
