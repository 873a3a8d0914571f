using System.Buffers;
using Mirage.Net;

namespace Mirage.Testing.Tests;

public sealed class NetworkTests
{
    [Fact]
    public void SoundLink_EveryLaw_Holds() => Caught.Nothing<Laws<Sound>>();

    [Fact]
    public void LinkThatMergesFrames_IsCaughtByTwoOfThem()
    {
        var failure = Caught.By("N1", new Laws<Merges>().N1_FramesArriveWholeAndOnce);
        Assert.Equal(2, failure.Operations.Count);
        Assert.All(failure.Operations, static text => Assert.StartsWith(
            "The near end sends 0 permille of the longest frame, 14 bytes", text, StringComparison.Ordinal));
        Assert.Equal("frame 0 whole, 18 bytes", failure.Expected);
        Assert.Equal("36 bytes, the same up to byte 18", failure.Seen);
    }

    [Fact]
    public void LinkThatCutsLongFrames_IsCaughtByTheShortestOfThem()
    {
        var failure = Caught.By("N1", new Laws<Cuts>().N1_FramesArriveWholeAndOnce);
        Assert.Equal("The near end sends 658 permille of the longest frame, 14 bytes of it headers, in 1 pieces",
            Assert.Single(failure.Operations));
        Assert.Equal("1000 bytes, the same up to byte 1000", failure.Seen);
    }

    [Fact]
    public void LinkThatReadsItsFrameLater_IsCaught() =>
        Caught.By("N1", new Laws<ReadsLater>().N1_FramesArriveWholeAndOnce);

    [Fact]
    public void LinkThatLosesOneFrameOfTen_IsCaught() =>
        Caught.By("N1", new Laws<LosesSome>().N1_FramesArriveWholeAndOnce);

    [Fact]
    public void LinkThatTakesWhatIsTooLong_IsCaught() =>
        Assert.Equal("Ok", Caught.By("N2", new Laws<TakesAnything>().N2_LongerFrameIsRefused).Seen);

    [Fact]
    public void LinkThatHearsItself_IsCaught()
    {
        var failure = Caught.By("N4", new Laws<HearsItself>().N4_NoEndHearsItself);
        Assert.Equal(("only frames that were sent", "frame 1 of 100 bytes"), (failure.Expected, failure.Seen));
    }

    [Fact]
    public void LinkThatCountsNothing_IsCaught() =>
        Caught.By("N7", new Laws<CountsNothing>().N7_CountersCountFramesAndBytes);

    [Fact]
    public void LinkThatOutlivesItsDisconnect_IsCaught() =>
        Assert.Equal("Ok", Caught.By("D3", new Laws<NeverEnds>().D3_DisconnectedLinkRefusesFrames).Seen);

    [Fact]
    public void LinkThatLeaksABufferOfEveryFrame_IsCaughtByOneOfThem()
    {
        var laws = new Laws<Leaks>();
        laws.D1_DisconnectLeavesNothingHeld();
        var failure = Caught.By("N1", laws.N1_FramesArriveWholeAndOnce);
        Assert.Equal(("nothing held", "planted buffers: 1"), (failure.Expected, failure.Seen));
        Assert.Equal(2, failure.Operations.Count);
    }

    private sealed class Laws<TBug> : NetworkLaws<PlantedLink<TBug>> where TBug : ILinkBug
    {
        protected override ValueTask<(PlantedLink<TBug> Near, LinkEnd Far)> ConnectLink(Host host)
        {
            var (left, right) = VirtualPair.Create(host);
            return new((PlantedLink<TBug>.Over(host, left), LinkEnd.Of(right)));
        }
    }

    private sealed class Sound : ILinkBug;

    private sealed class Merges : ILinkBug
    {
        public static WriteStatus Write(PlantedLinkCore core, ref TransmitFrame frame)
        {
            var bytes = PlantedLinkCore.Copy(frame);
            if (core.Held is { } held)
            {
                core.Held = null;
                return core.Send([.. held, .. bytes]);
            }

            core.Held = bytes;
            core.Host.Loop.Post(static state => ((PlantedLinkCore)state!).Flush(), core);
            return WriteStatus.Ok;
        }
    }

    private sealed class Cuts : ILinkBug
    {
        private const int Most = 1000;

        public static WriteStatus Write(PlantedLinkCore core, ref TransmitFrame frame) => frame.Length <= Most
            ? VirtualPort.Write(core.Port, ref frame)
            : core.Send(PlantedLinkCore.Copy(frame)[..Most]);
    }

    private sealed class ReadsLater : ILinkBug
    {
        public static WriteStatus Write(PlantedLinkCore core, ref TransmitFrame frame)
        {
            var (header, payload) = (frame.Header.ToArray(), frame.Payload);
            core.Host.Loop.Post(_ => core.Send([.. header, .. payload.ToArray()]), null);
            return WriteStatus.Ok;
        }
    }

    private sealed class LosesSome : ILinkBug
    {
        public static WriteStatus Write(PlantedLinkCore core, ref TransmitFrame frame) => ++core.Count % 10 == 0
            ? WriteStatus.Ok
            : VirtualPort.Write(core.Port, ref frame);
    }

    private sealed class TakesAnything : ILinkBug
    {
        public static WriteStatus Write(PlantedLinkCore core, ref TransmitFrame frame)
        {
            VirtualPort.Write(core.Port, ref frame);
            return WriteStatus.Ok;
        }
    }

    private sealed class HearsItself : ILinkBug
    {
        public static WriteStatus Write(PlantedLinkCore core, ref TransmitFrame frame)
        {
            var bytes = PlantedLinkCore.Copy(frame);
            core.Host.Loop.Post(_ => core.Listener(bytes), null);
            return VirtualPort.Write(core.Port, ref frame);
        }
    }

    private sealed class CountsNothing : ILinkBug
    {
        public static NetworkCounters Counters(PlantedLinkCore core) => default;
    }

    private sealed class Leaks : ILinkBug
    {
        public static WriteStatus Write(PlantedLinkCore core, ref TransmitFrame frame)
        {
            if (++core.Count == 1)
                core.Host.Holdings.Add("planted buffers", () => core.Count);
            return VirtualPort.Write(core.Port, ref frame);
        }
    }

    private sealed class NeverEnds : ILinkBug
    {
        public static ValueTask Disconnect(PlantedLinkCore core) => ValueTask.CompletedTask;
    }
}
