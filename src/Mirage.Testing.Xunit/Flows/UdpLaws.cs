using System.Runtime.CompilerServices;
using Xunit;

namespace Mirage.Testing;

/// <summary>What sending and receiving datagrams obeys, RFC 768.</summary>
/// <typeparam name="TUdp">The transport under test.</typeparam>
public abstract class UdpLaws<TUdp> : DeviceLaws<TUdp> where TUdp : struct, IUdp<TUdp>
{
    private const int DatagramCases = 20;

    private readonly TransportEnds<TUdp> _ends;

    /// <summary>The suite of a class.</summary>
    protected UdpLaws() => _ends = new(ConnectEnds);

    /// <summary>Makes two transports that reach each other without loss, or one that reaches itself, on the loop of
    /// <paramref name="host"/>.</summary>
    protected abstract ValueTask<StackEnds<TUdp>> ConnectEnds(Host host);

    /// <summary>Completes when nothing is under way between the ends any more: ten seconds of virtual time. Ends in the
    /// real world say here how long that takes.</summary>
    protected virtual async ValueTask Settle(Host host)
    {
        ArgumentNullException.ThrowIfNull(host);
        await Task.Delay(TimeSpan.FromSeconds(10), host.Time);
    }

    /// <inheritdoc/>
    protected override ValueTask<TUdp> Connect(Host host) => _ends.Connect(host);

    /// <inheritdoc/>
    protected override ValueTask Release(Host host, TUdp device) => _ends.Disconnect(host);

    /// <summary>Datagrams of any length that IPv4 has arrive as they were sent: whole, and one for one.</summary>
    [Fact]
    public void U1_DatagramsKeepTheirBoundaries() => Check(
        LawInputs.DatagramLengths,
        (run, _, lengths) => DatagramLaws<TUdp>.Boundaries(run, _ends[run.Host], lengths), DatagramCases);

    /// <summary>Datagrams that are sent at once may be lost, but are never merged, cut or changed.</summary>
    [Fact]
    public void U1_DatagramsAtOnceDoNotMix() =>
        CheckEnds((run, ends) => DatagramLaws<TUdp>.ManyAtOnce(run, ends, () => Settle(run.Host)));

    /// <summary>A payload that lies in pieces is one datagram.</summary>
    [Fact]
    public void U1_PiecesAreOneDatagram() =>
        CheckEnds((run, ends) => DatagramLaws<TUdp>.Pieces(run, ends));

    /// <summary>Who gets a datagram sees its source, can answer it, and sees where it was sent.</summary>
    [Fact]
    public void U2_BothSidesSeeEachOther() =>
        CheckEnds((run, ends) => DatagramLaws<TUdp>.Echo(run, ends));

    /// <summary>More than 65,507 bytes are refused, with their number.</summary>
    [Fact]
    public void U3_MoreThanADatagramIsRefused() =>
        CheckEnds((run, ends) => DatagramLaws<TUdp>.TooLong(run, ends));

    /// <summary>A port has one handler; unbinding it, once or twice, frees it.</summary>
    [Fact]
    public void U4_PortIsInUseUntilItIsFreed() =>
        CheckEnds((run, ends) => DatagramLaws<TUdp>.PortInUse(run, ends));

    /// <summary>Port 0 is another free port each time.</summary>
    [Fact]
    public void U4_PortZeroIsAFreePortEachTime() =>
        CheckEnds((run, ends) => DatagramLaws<TUdp>.PortZero(run, ends));

    /// <summary>A port that was unbound gets nothing, and nothing is sent from it.</summary>
    [Fact]
    public void U5_UnboundPortGetsNothing() =>
        CheckEnds((run, ends) => DatagramLaws<TUdp>.Unbound(run, ends, () => Settle(run.Host)));

    /// <summary>A handler that unbinds its port is not called again, whatever was on its way.</summary>
    [Fact]
    public void U5_HandlerMayUnbindItsPort() =>
        CheckEnds((run, ends) => DatagramLaws<TUdp>.UnboundByItsHandler(run, ends, () => Settle(run.Host)));

    /// <summary>A number may be bound for one peer beside everybody: each datagram goes to the port it is meant
    /// for.</summary>
    [Fact]
    public void U6_ConnectedPortGetsItsPeersDatagrams() =>
        CheckEnds((run, ends) => DatagramLaws<TUdp>.Connected(run, ends, () => Settle(run.Host)));

    /// <summary>What is sent as several datagrams arrives as these, in order.</summary>
    [Fact]
    public void U7_SegmentsAreDatagrams() =>
        CheckEnds((run, ends) => DatagramLaws<TUdp>.Segments(run, ends));

    /// <summary>A disconnected transport binds and sends nothing.</summary>
    [Fact]
    public void D3_DisconnectedUdpIsClosed() =>
        CheckEnds((run, ends) => DatagramLaws<TUdp>.Disconnected(run, ends));

    private void CheckEnds(Func<LawRun, StackEnds<TUdp>, ValueTask> law, [CallerMemberName] string name = "") =>
        Check((run, _) => law(run, _ends[run.Host]), cases: 3, name);
}
