using System.Buffers;
using Mirage.Net;
using Mirage.Testing;
using Mirage.Unix;

namespace Mirage.Fuzz;

/// <summary>Frames of a unikernel to the gateway of its user-mode network, over a link that vouches for
/// checksums.</summary>
/// <remarks>Input: for each frame two bytes of its length, and the frame.</remarks>
internal sealed class GatewayTarget() : FuzzTarget("gateway")
{
    private static readonly MacAddress s_mac = new(0x020000000001);

    public override int ShortRun => 200;

    public override long AllocationMax(int length) => (16 << 20) + (65_536L * length);

    public override byte[] Generate(SplitMix64 random)
    {
        var bytes = new List<byte>();
        for (var count = 1 + random.Next(6); count > 0; count--)
        {
            var frame = StackFrames.Any(MacAddress.Broadcast, random);
            bytes.AddRange([(byte)(frame.Length >> 8), (byte)frame.Length, .. frame]);
        }

        return [.. bytes];
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        var script = new ByteScript(input);
        using var host = new UnixHost();
        host.Loop.Run(async () =>
        {
            var network = UserNetwork.Around(Cidr.Parse("10.0.0.1/24"));
            var link = new UserLink(host, s_mac, (UserNetwork)network, []);
            link.Listen(FrameSink.Of(default(Sink)));
            while (!script.IsOver)
            {
                Send(link, script.Take(script.Word() % 60_000));
                await Task.Yield();
            }

            await link.Close();
            return 0;
        });
        Leaks.AssertNone(host);
    }

    private static void Send(UserLink link, byte[] bytes)
    {
        var frame = new TransmitFrame(new byte[TransmitFrame.Room], new ReadOnlySequence<byte>(bytes));
        _ = link.Write(ref frame);
    }

    private readonly struct Sink : IFrameHandler
    {
        public void Input(in ReceivedFrame frame) { }
    }
}
