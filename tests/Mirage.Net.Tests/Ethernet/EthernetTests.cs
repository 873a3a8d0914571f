using System.Buffers;
using Mirage.Testing;

namespace Mirage.Net.Tests;

public sealed class EthernetTests
{
    private static readonly MacAddress s_peer = MacAddress.Parse("02:00:00:00:00:02");

    [Fact]
    [Trait("Conforms", "RFC 894")]
    [Trait("Behaviour", "1")]
    public void ShortOrUnknownFrame_IsCountedAndDropped() => Run((ethernet, taken) =>
    {
        for (var length = 0; length < EthernetHeader.FixedSize; length++)
            Input(ethernet, taken, new byte[length]);
        Input(ethernet, taken, Frame(TestWire.Mac, s_peer, 0x88CC, 50));
        Input(ethernet, taken, Frame(TestWire.Mac, s_peer, 0x05FF, 50));
        Input(ethernet, taken, Frame(TestWire.Mac, s_peer, (ushort)EtherType.Ipv4, 0));

        Assert.Equal(["Ipv4 0"], taken);
        Assert.Equal(14, Ethernet<TestNetwork>.Counters(ethernet).InErrors);
        Assert.Equal(2, Ethernet<TestNetwork>.Counters(ethernet).InUnknownProtos);
    });

    [Fact]
    [Trait("Behaviour", "3")]
    public void FrameForAnotherStation_IsIgnored_GroupsAreTaken() => Run((ethernet, taken) =>
    {
        Input(ethernet, taken, Frame(s_peer, s_peer, (ushort)EtherType.Ipv4, 46));
        Input(ethernet, taken, Frame(MacAddress.Broadcast, s_peer, (ushort)EtherType.Arp, 28));
        Input(ethernet, taken, Frame(MacAddress.Parse("33:33:00:00:00:01"), s_peer, (ushort)EtherType.Ipv6, 60));
        Input(ethernet, taken, Frame(TestWire.Mac, s_peer, (ushort)EtherType.Ipv4, 46));

        Assert.Equal(["Arp 28", "Ipv6 group 60", "Ipv4 46"], taken);
        Assert.Equal(1, Ethernet<TestNetwork>.Counters(ethernet).InForeign);
    });

    [Fact]
    public void FrameFromAGroup_IsDropped() => Run((ethernet, taken) =>
    {
        Input(ethernet, taken, Frame(TestWire.Mac, MacAddress.Broadcast, (ushort)EtherType.Ipv4, 46));
        Input(ethernet, taken, Frame(TestWire.Mac, MacAddress.Parse("01:00:5e:00:00:01"), (ushort)EtherType.Ipv4, 46));

        Assert.Empty(taken);
        Assert.Equal(2, Ethernet<TestNetwork>.Counters(ethernet).InGroupSources);
    });

    [Fact]
    [Trait("Conforms", "IEEE 802.1Q")]
    [Trait("Behaviour", "14")]
    public void TaggedFrame_OfAVlanIsDropped_OfPriorityOnlyIsTaken() => Run((ethernet, taken) =>
    {
        var frame = Frame(TestWire.Mac, s_peer, (ushort)VlanTag.EtherType, 50);
        new VlanTag(0x0007, EtherType.Ipv4).Emit(frame.AsSpan(EthernetHeader.FixedSize));
        Input(ethernet, taken, frame);
        new VlanTag(0xE000, EtherType.Ipv4).Emit(frame.AsSpan(EthernetHeader.FixedSize));
        Input(ethernet, taken, frame);
        new VlanTag(0, VlanTag.EtherType).Emit(frame.AsSpan(EthernetHeader.FixedSize)); // A tag in a tag.
        Input(ethernet, taken, frame);
        Input(ethernet, taken, frame.AsSpan(0, 17));

        Assert.Equal(["Ipv4 46"], taken);
        var counters = Ethernet<TestNetwork>.Counters(ethernet);
        Assert.Equal((2, 0, 1), (counters.InTagged, counters.InUnknownProtos, counters.InErrors));
    });

    [Fact]
    [Trait("Hostile", "35")]
    public void Write_PrependsTheHeaderAndPadsNothing()
    {
        using var host = new SimHost();
        Booted.Run<Ethernet<TestNetwork>>(host, ethernet =>
        {
            var frame = new TransmitFrame(new byte[TransmitFrame.Room], new ReadOnlySequence<byte>([1, 2, 3]));
            Assert.Equal(WriteStatus.Ok, Ethernet<TestNetwork>.Write(ethernet, s_peer, EtherType.Ipv4, ref frame));
        });
        var written = Assert.Single(TestWire.Of(host).Written);
        Assert.Equal(new EthernetHeader(s_peer, TestWire.Mac, EtherType.Ipv4), written.Ethernet);
        Assert.Equal([1, 2, 3], written.Payload);
    }

    [Theory]
    [InlineData(1500, Segmentation.None, WriteStatus.Ok)]
    [InlineData(1501, Segmentation.None, WriteStatus.TooLong)]
    [InlineData(32_000, Segmentation.TcpV4, WriteStatus.Ok)]
    [InlineData(32_001, Segmentation.TcpV4, WriteStatus.TooLong)]
    public void Write_RefusesWhatTheLinkCannotCarry(int length, Segmentation segmentation, WriteStatus expected)
    {
        using var host = new SimHost();
        TestWire.Of(host).Info = new NetworkInfo(TestWire.Mac, 1500) { SegmentationLimit = 32_000 };
        Booted.Run<Ethernet<TestNetwork>>(host, ethernet =>
        {
            var frame = new TransmitFrame(new byte[TransmitFrame.Room], new ReadOnlySequence<byte>(new byte[length]));
            if (segmentation != Segmentation.None)
                frame.RequestSegmentation(segmentation, 1460);
            Assert.Equal(expected, Ethernet<TestNetwork>.Write(ethernet, s_peer, EtherType.Ipv4, ref frame));
        });
        Assert.Equal(expected == WriteStatus.Ok ? 1 : 0, TestWire.Of(host).WrittenCount);
    }

    private static byte[] Frame(MacAddress destination, MacAddress source, ushort type, int payload)
    {
        var frame = new byte[EthernetHeader.FixedSize + payload];
        destination.Write(frame);
        source.Write(frame.AsSpan(6));
        (frame[12], frame[13]) = ((byte)(type >> 8), (byte)type);
        return frame;
    }

    private static void Run(Action<Ethernet<TestNetwork>, List<string>> body)
    {
        using var host = new SimHost();
        Booted.Run<Ethernet<TestNetwork>>(host, ethernet => body(ethernet, []));
    }

    private static void Input(Ethernet<TestNetwork> ethernet, List<string> taken, ReadOnlySpan<byte> frame) =>
        Ethernet<TestNetwork>.Input(ethernet, new ReceivedFrame(frame), new Handler(taken));

    private readonly struct Handler(List<string> taken) : IEthernetHandler
    {
        public void Arp(in ReceivedFrame payload) => taken.Add($"Arp {payload.Bytes.Length}");

        public void Ipv4(in ReceivedFrame payload) => taken.Add($"Ipv4 {Kind(payload)}{payload.Bytes.Length}");

        public void Ipv6(in ReceivedFrame payload) => taken.Add($"Ipv6 {Kind(payload)}{payload.Bytes.Length}");

        private static string Kind(in ReceivedFrame payload) => payload.IsGroup ? "group " : "";
    }
}
