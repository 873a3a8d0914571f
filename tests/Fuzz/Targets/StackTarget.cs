using Mirage.Net;
using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>A whole stack between an application and a hostile peer on its link: both do what a script says.</summary>
/// <remarks>When the stack is disconnected nothing of it is left, whatever was done to it.</remarks>
internal sealed class StackTarget() : FuzzTarget("stack")
{
    private const int StepsMax = 2000;

    public override int ShortRun => 150;

    public override IReadOnlyList<string> Reaches =>
        ["a datagram", "a flow accepted", "a flow connected", "bytes read", "a reset", "a segment that is wrong"];

    public override long AllocationMax(int length) => (64 << 20) + (65_536L * length);

    public override byte[] Generate(SplitMix64 random)
    {
        var bytes = new byte[random.Next(600)];
        random.Fill(bytes);
        return bytes;
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        var script = new ByteScript(input);
        using var host = new SimHost();
        host.Run(async () =>
        {
            var (near, far) = VirtualPair.Create(host);
            var stack = TcpIp<VirtualPort>.Create(host, near, Cidr.Parse("10.0.0.2/24"));
            var peer = new HostilePeer(far, VirtualPort.Info(near).Mac);
            using var application = new StackApplication(stack, Reach);
            for (var step = 0; step < StepsMax && !script.IsOver; step++)
            {
                if (script.Next(4) == 0)
                    application.Do(script);
                else if (script.Next(8) == 0)
                    await Task.Delay(TimeSpan.FromMilliseconds(1 << script.Next(17)), host.Time);
                else
                    peer.Do(script);
                await Task.Yield();
                Check(host, stack);
            }

            var counters = TcpIp<VirtualPort>.TcpCounters(stack);
            if (counters.OutRsts > 0)
                Reach("a reset");
            if (counters.InErrs > 0)
                Reach("a segment that is wrong");
            application.Close();
            await TcpIp<VirtualPort>.Disconnect(stack);
            await application.Over();
            await VirtualPort.Disconnect(far);
            await VirtualPort.Disconnect(near);
        });
        Leaks.AssertNone(host);
    }

    private static void Check(SimHost host, TcpIp<VirtualPort> stack)
    {
        const int Bound = 4 * StepsMax; // A step makes a few things at most.
        var engine = TcpIp<VirtualPort>.Engine(stack);
        Oracle.That(engine.Count <= StepsMax, "No step makes two connections.");
        Oracle.That(engine.Held <= engine.Count + StepsMax, "Flows are of connections.");
        foreach (var holding in host.Holdings.Held)
            Oracle.That(holding.Count is >= 0 and <= Bound, $"{holding} is bounded by what was done.");
        var counters = TcpIp<VirtualPort>.TcpCounters(stack);
        Oracle.That(counters.InErrs <= counters.InSegs, "An error is a segment.");
    }
}
