using System.Runtime.CompilerServices;
using Xunit;

namespace Mirage.Testing;

/// <summary>What a link that carries Ethernet frames obeys.</summary>
/// <remarks>A link has two ends: <see cref="ConnectLink"/> makes the one under test and the one opposite.</remarks>
/// <typeparam name="TNetwork">The link under test.</typeparam>
public abstract class NetworkLaws<TNetwork> : DeviceLaws<TNetwork> where TNetwork : struct, INetwork<TNetwork>
{
    private const int EthernetHeader = 14;
    private const int MtuMin = 68; // RFC 791: the shortest that IPv4 lets a link have.
    private const int Flood = 5000;

    private readonly ConditionalWeakTable<Host, LinkEnd> _far = [];

    /// <summary>What the link takes the liberty of.</summary>
    protected virtual LinkLiberties Liberties => LinkLiberties.None;

    /// <summary>Makes both ends of a link on the loop of <paramref name="host"/>: the one under test and the far one,
    /// which may be of another type.</summary>
    protected abstract ValueTask<(TNetwork Near, LinkEnd Far)> ConnectLink(Host host);

    /// <summary>Completes when nothing is under way on the link any more: ten seconds of virtual time. A link of the
    /// real world that loses frames says here how long they take.</summary>
    protected virtual async ValueTask Settle(Host host)
    {
        ArgumentNullException.ThrowIfNull(host);
        await Task.Delay(TimeSpan.FromSeconds(10), host.Time);
    }

    /// <inheritdoc/>
    protected override async ValueTask<TNetwork> Connect(Host host)
    {
        var (near, far) = await ConnectLink(host);
        _far.AddOrUpdate(host, far);
        return near;
    }

    /// <inheritdoc/>
    protected override async ValueTask Release(Host host, TNetwork device)
    {
        await base.Release(host, device);
        if (_far.TryGetValue(host, out var far))
            await far.Disconnect();
    }

    /// <summary>A frame of any length arrives as it was sent: not cut, not merged, and once; its memory may be used
    /// again as soon as the call returns.</summary>
    [Fact]
    public void N1_FramesArriveWholeAndOnce() =>
        Check(LawRunner.Lists(LinkOperation.Any), async (run, network, operations) =>
        {
            var near = LinkEnd.Of(network);
            var pair = new LinkPair(run, near, Far(run));
            foreach (var operation in operations)
            {
                run.Step(operation.Text);
                await operation.Run(run, near, pair);
            }

            await Arrival(run, pair.Outward);
            await Arrival(run, pair.Inward);
            pair.Outward.Verify(Liberties);
            pair.Inward.Verify(Liberties);
        });

    /// <summary>A frame that is longer than the MTU and its header is refused, and nothing of it arrives.</summary>
    [Fact]
    public void N2_LongerFrameIsRefused() => CheckPair(async (run, near, pair) =>
    {
        var longest = near.Info.Mtu + EthernetHeader;
        foreach (var length in (int[])[longest + 1, longest + 4, longest + 1000])
        {
            run.Step($"Send {length} bytes");
            run.ExpectEqual($"{WriteStatus.TooLong}", $"{pair.Outward.Send(pair.Number++, length)}");
        }

        run.Step($"Send {longest} bytes");
        run.ExpectEqual($"{WriteStatus.Ok}", $"{pair.Outward.Send(pair.Number++, longest)}");
        await Arrival(run, pair.Outward);
        pair.Outward.Verify(Liberties);
    });

    /// <summary>An end never receives what it sent itself.</summary>
    [Fact]
    public void N4_NoEndHearsItself() => CheckPair(async (run, _, pair) =>
    {
        run.Step("Both ends send to all");
        pair.Outward.Send(1, 100, destination: MacAddress.Broadcast);
        pair.Inward.Send(2, 100, destination: MacAddress.Broadcast);
        await Arrival(run, pair.Outward);
        await Arrival(run, pair.Inward);
        await Fence(run, pair);
        pair.Inward.Verify(Liberties);
        pair.Outward.Verify(Liberties);
    });

    /// <summary>The listener gets frames to stations that nobody here is, too.</summary>
    [Fact]
    public void N4_FramesToAnybodyAreHandedUp() => CheckPair(async (run, _, pair) =>
    {
        run.Step("Send to a station that is not there");
        pair.Inward.Send(1, 100, destination: MacAddress.Parse("02:55:55:55:55:55"));
        await Arrival(run, pair.Inward);
        pair.Inward.Verify(Liberties);
    });

    /// <summary>What the link says it can do makes sense and stays the same.</summary>
    [Fact]
    public void N6_InfoIsConstant() => CheckPair(async (run, near, pair) =>
    {
        var info = run.Call("Ask for the information", () => near.Info);
        run.Expect(!info.Mac.IsGroup && info.Mac != default, "an address of one station", $"{info.Mac}");
        run.Expect(info.Mtu >= MtuMin, $"an MTU of {MtuMin} or more", $"{info.Mtu}");
        run.Step("Send both ways");
        pair.Outward.Send(1, 100);
        pair.Inward.Send(2, 100);
        await Arrival(run, pair.Outward);
        await Arrival(run, pair.Inward);
        run.ExpectEqual($"{info}", $"{near.Info}");
    });

    /// <summary>The counters are of the frames that were accepted, and of those that were handed up.</summary>
    [Fact]
    public void N7_CountersCountFramesAndBytes() => CheckPair(async (run, near, pair) =>
    {
        var before = near.Counters;
        run.Step("Send three frames out and two in");
        foreach (var length in (int[])[60, 100, 1000])
            pair.Outward.Send(pair.Number++, Math.Min(length, near.Info.Mtu));
        foreach (var length in (int[])[70, 500])
            pair.Inward.Send(pair.Number++, Math.Min(length, near.Info.Mtu));
        await Arrival(run, pair.Outward);
        await Arrival(run, pair.Inward);
        var after = near.Counters;
        if (Liberties is not LinkLiberties.None)
            return;
        run.ExpectEqual(pair.Outward.Accepted, after.SentFrames - before.SentFrames);
        run.ExpectEqual(60 + Math.Min(100, near.Info.Mtu) + Math.Min(1000, near.Info.Mtu),
            after.SentBytes - before.SentBytes);
        run.ExpectEqual(pair.Inward.Heard, after.ReceivedFrames - before.ReceivedFrames);
        run.ExpectEqual(pair.Inward.HeardBytes, after.ReceivedBytes - before.ReceivedBytes);
    });

    /// <summary>Whoever listens last gets the frames, and nobody else.</summary>
    [Fact]
    public void N8_TheLastListenerCounts() => CheckPair(async (run, near, first) =>
    {
        run.Step("Listen again");
        var second = new LinkPair(run, near, Far(run)) { Number = 100 };
        second.Inward.Send(second.Number++, 100);
        await Arrival(run, second.Inward);
        second.Inward.Verify(Liberties);
        run.ExpectEqual(0, first.Inward.Numbers.Count());
    });

    /// <summary>More frames at once than any queue has room for are dropped or delivered, and the link goes
    /// on.</summary>
    [Fact]
    public void N9_AFloodIsBorne() => CheckPair(async (run, near, pair) =>
    {
        run.Step($"Send {Flood} frames at once");
        for (var count = 0; count < Flood; count++)
        {
            var status = pair.Outward.Send(pair.Number++, 60);
            run.Expect(status is WriteStatus.Ok or WriteStatus.Full, "Ok or Full", $"{status}");
        }

        await run.Await("Wait for what comes", () => Settle(run.Host));
        pair.Outward.Verify(Liberties | LinkLiberties.Loses);
        run.Step("Send one more");
        var arrived = pair.Outward.Numbers.Count();
        run.ExpectEqual($"{WriteStatus.Ok}", $"{pair.Outward.Send(pair.Number++, 60)}");
        if ((Liberties & LinkLiberties.Loses) == 0)
            await run.Await(() => pair.Outward.Arrived(arrived + 1));
    }, cases: 2);

    /// <summary>A disconnected link says so to whoever writes, and hands nothing up.</summary>
    [Fact]
    public void D3_DisconnectedLinkRefusesFrames() => CheckHost(async run =>
    {
        var network = await run.Await("Connect", () => Connect(run.Host));
        var far = Far(run);
        var pair = new LinkPair(run, LinkEnd.Of(network), far);
        await run.Await("Disconnect", () => base.Release(run.Host, network));
        pair.Inward.Send(1, 100);
        run.Step("Send 100 bytes");
        run.ExpectEqual($"{WriteStatus.Disconnected}", $"{pair.Outward.Send(2, 100)}");
        await run.Await("Wait", () => Settle(run.Host));
        run.ExpectEqual(0, pair.Inward.Numbers.Count());
        await far.Disconnect();
    }, cases: 5);

    /// <summary>Tries a law on the traffic of both directions.</summary>
    private void CheckPair(
        Func<LawRun, LinkEnd, LinkPair, ValueTask> law, int cases = 5, [CallerMemberName] string name = "") =>
        Check((run, network) =>
        {
            var near = LinkEnd.Of(network);
            return law(run, near, new LinkPair(run, near, Far(run)));
        }, cases, name);

    private LinkEnd Far(LawRun run) => _far.TryGetValue(run.Host, out var far)
        ? far
        : throw new InvalidOperationException("The link has one end only.");

    private ValueTask Arrival(LawRun run, LinkTraffic traffic) => Liberties is LinkLiberties.None
        ? run.Await(() => traffic.Arrived(traffic.Accepted))
        : Settle(run.Host);

    // What was under way is there, once a frame that was sent behind it has come.
    private async ValueTask Fence(LawRun run, LinkPair pair)
    {
        run.Step("Send one more each way");
        pair.Outward.Send(1000, 60);
        pair.Inward.Send(1001, 60);
        await Arrival(run, pair.Outward);
        await Arrival(run, pair.Inward);
    }
}
