using Mirage.Net;
using Mirage.Testing;
using Mirage.Unix;
using Mirage.Unix.Tests;

namespace Mirage.Fuzz;

/// <summary>Frames of a machine that shares the host, with their headers of virtio, up through a descriptor into a
/// stack that takes their word for checksums and merged segments.</summary>
/// <remarks>Input: for each frame two bytes of its length, and the frame.</remarks>
internal sealed class NetifTarget() : FuzzTarget("netif")
{
    private const int FrameMax = 60_000;
    private static readonly MacAddress s_mac = new(0x020000000001);

    public override int ShortRun => 200;

    public override IReadOnlyList<string> Reaches => ["received", "dropped", "a datagram", "a connection"];

    public override long AllocationMax(int length) => (16 << 20) + (65_536L * length);

    public override byte[] Generate(SplitMix64 random)
    {
        var bytes = new List<byte>();
        for (var count = 1 + random.Next(6); count > 0; count--)
        {
            var frame = StackFrames.Any(s_mac, random);
            var header = new byte[VnetHeader.Length];
            var merges = random.Next(3) == 0;
            new VnetHeader((byte)random.Next(3), merges ? (byte)(1 + random.Next(5)) : (byte)0, 34,
                (ushort)(merges ? random.Next(200) : 0), 34, (ushort)random.Next(20)).Emit(header);
            var length = header.Length + frame.Length;
            bytes.AddRange([(byte)(length >> 8), (byte)length, .. header, .. frame]);
        }

        return [.. bytes];
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        var script = new ByteScript(input);
        using var host = new UnixHost();
        var (near, far) = TestLibc.PacketPair();
        host.Loop.Run(async () =>
        {
            var link = new DescriptorLink(host, new FrameDescriptor(near, VnetHeader.Length, 1500), s_mac);
            var stack = TcpIp<Netif>.Create(host, Netif.Over(link), Cidr.Parse("10.0.0.2/24"));
            var port = TcpIp<Netif>.Bind(stack, 7, new Sink(this));
            var listener = TcpIp<Netif>.Listen(stack, 80);
            Oracle.That(port.IsRight && listener.IsRight, "A new stack has its ports.");
            var frames = 0;
            while (!script.IsOver)
            {
                var frame = script.Take(script.Word() % FrameMax);
                if (frame.Length == 0)
                    continue; // A packet of no bytes is the end of such a socket.
                TestLibc.Write(far, frame);
                frames++;
                while (link.TakeBatch())
                    await Task.Yield();
                while (TestLibc.Read(far, new byte[2048]) > 0) // What it answers.
                    await Task.Yield();
            }

            Look(link, TcpIp<Netif>.TcpCounters(stack));
            Oracle.Same(frames, link.Counters.ReceivedFrames + link.Counters.Dropped, "Every frame is counted.");
            await TcpIp<Netif>.Disconnect(stack);
            await link.Close();
            return 0;
        });
        _ = Libc.Close(far);
        Leaks.AssertNone(host);
    }

    private void Look(DescriptorLink link, TcpCounters counters)
    {
        if (link.Counters.ReceivedFrames > 0)
            Reach("received");
        if (link.Counters.Dropped > 0)
            Reach("dropped");
        if (counters.PassiveOpens > 0)
            Reach("a connection");
    }

    private readonly struct Sink(NetifTarget target) : IDatagramHandler
    {
        public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload) =>
            target.Reach("a datagram");

        public void Unreachable(Endpoint destination, IcmpUnreachable reason) { }

        public void Closed() { }
    }
}
