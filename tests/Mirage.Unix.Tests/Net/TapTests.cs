using Mirage.Net;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Mirage.Unix.Tests;

/// <summary>TAPs in network namespaces of their own, with the kernel's stack as the peer.</summary>
public sealed class TapTests
{
    private const int EthernetHeader = 14, Ipv4Header = 20;
    private static readonly MacAddress s_mac = new(0x020000000002);

    [RootFact]
    public void NewTap_IsUpWithOffloadAndItsMtu() => PrivateNetwork.Run(static () =>
    {
        using var host = new UnixHost();
        var link = Open(host);
        Assert.Equal(Offloading(link.Info), link.Info);
        PrivateNetwork.Ip("link show dev tap0 up");
        PrivateNetwork.Ip("link set dev tap0 mtu 9000");
        var busy = (ConnectError)LinkOpener.Open(host, Settings("tap0"));
        Assert.Equal("tap0: another program has it open", busy.Reason);
        link.CloseAtOnce();
    });

    [RootFact]
    public void PersistentTap_OfLongFrames_GivesItsMtu() => PrivateNetwork.Run(static () =>
    {
        PrivateNetwork.Ip("tuntap add tap0 mode tap");
        PrivateNetwork.Ip("link set dev tap0 mtu 9000");
        using var host = new UnixHost();
        var link = Open(host);
        Assert.Equal(9000, link.Info.Mtu);
        link.CloseAtOnce();
    });

    [RootFact]
    public void NameOfAnotherInterface_IsRefused() => PrivateNetwork.Run(static () =>
    {
        using var host = new UnixHost();
        var error = (ConnectError)LinkOpener.Open(host, Settings("lo"));
        Assert.Equal("lo: there is an interface of that name which is no TAP", error.Reason);
    });

    [RootFact]
    public void DatagramOfTheKernel_ArrivesWithItsChecksumVouchedFor() => PrivateNetwork.Run(static () =>
    {
        using var host = new UnixHost();
        var link = Open(host);
        PrivateNetwork.Ip("addr add 10.0.0.1/24 dev tap0");
        PrivateNetwork.Ip($"neigh add 10.0.0.2 lladdr {s_mac} dev tap0");
        var log = new FrameRecorder.Log { Awaited = -1 };
        link.Listen(FrameSink.Of(new FrameRecorder(log)));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SendTo("hello"u8, new IPEndPoint(IPAddress.Parse("10.0.0.2"), 7));

        link.TakeBatchesUntil(host, () => log.Frames.Exists(IsUdp));
        var frame = log.Frames.First(IsUdp);
        Assert.Equal("hello"u8, frame.Bytes.AsSpan(EthernetHeader + Ipv4Header + 8));
        Assert.True(frame.ChecksumValid);
        Assert.Equal(0, frame.SegmentSize);
        Assert.Equal(s_mac, MacAddress.Read(frame.Bytes));
        link.CloseAtOnce();
    });

    [RootFact]
    public void DatagramWithoutChecksum_IsCompletedByTheKernel() => PrivateNetwork.Run(static () =>
    {
        using var host = new UnixHost();
        var link = Open(host);
        PrivateNetwork.Ip("addr add 10.0.0.1/24 dev tap0");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.ReceiveTimeout = 5000;
        socket.Bind(new IPEndPoint(IPAddress.Parse("10.0.0.1"), 7777));

        var frame = new TransmitFrame(new byte[TransmitFrame.Room], new("hello"u8.ToArray()));
        PrependUdp(ref frame);
        Assert.Equal(WriteStatus.Ok, link.Write(ref frame));
        var buffer = new byte[100];
        Assert.Equal(5, socket.Receive(buffer));
        Assert.Equal("hello"u8, buffer.AsSpan(0, 5));
        Assert.Equal((1, 47), (link.Counters.SentFrames, link.Counters.SentBytes));
        link.CloseAtOnce();
    });

    [RootFact]
    public void InheritedTap_KeepsItsVnetHeader() => PrivateNetwork.Run(static () =>
    {
        using var host = new UnixHost();
        var device = (FrameDescriptor)TapOpener.Open("tap7");
        Assert.Equal(VnetHeader.Length, device.VnetHeaderLength);
        var link = (Link)LinkOpener.Open(host, Settings($"fd:{device.Descriptor}"));
        Assert.Equal(Offloading(link.Info), link.Info);
        link.CloseAtOnce();
    });

    [RootFact]
    public void OffloadSwitchedOff_FramesAreWholeAndSummed() => PrivateNetwork.Run(static () =>
    {
        using var host = new UnixHost();
        var link = (Link)LinkOpener.Open(host, Settings("tap0") with { UsesOffload = false });
        Assert.Equal(new NetworkInfo(s_mac, 1500), link.Info);
        var device = (FrameDescriptor)TapOpener.Open("tap7");
        var inherited =
            (Link)LinkOpener.Open(host, Settings($"fd:{device.Descriptor}") with { UsesOffload = false });
        Assert.Equal(new NetworkInfo(s_mac, 1500), inherited.Info);
        link.CloseAtOnce();
        inherited.CloseAtOnce();
    });

    // Datagrams are cut by kernels from Linux 6.2 on.
    private static NetworkInfo Offloading(NetworkInfo seen) => new(s_mac, 1500)
    {
        ChecksumOffload = true,
        SegmentationLimit = 65_535,
        UdpSegmentationLimit = seen.UdpSegmentationLimit == 0 && Environment.OSVersion.Version < new Version(6, 2)
            ? 0
            : 65_535,
    };

    private static DescriptorLink Open(UnixHost host) => (DescriptorLink)(Link)LinkOpener.Open(host, Settings("tap0"));

    private static LinkSettings Settings(string name) => new(name, s_mac, default, []);

    private static bool IsUdp(FrameRecorder.Kept frame) =>
        frame.Bytes.Length > EthernetHeader + Ipv4Header
        && frame.Bytes[12] == 8 && frame.Bytes[13] == 0 && frame.Bytes[23] == 17;

    // UDP from 10.0.0.2:7 to 10.0.0.1:7777, with the sum of the pseudo-header where the kernel is to complete it.
    private static void PrependUdp(ref TransmitFrame frame)
    {
        var udp = frame.Prepend(8);
        var length = (ushort)(8 + frame.Payload.Length);
        BinaryPrimitives.WriteUInt16BigEndian(udp, 7);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], 7777);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], length);
        var pseudo = 0x0A00 + 0x0002 + 0x0A00 + 0x0001 + 17 + length;
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], (ushort)pseudo);
        frame.RequestChecksum(6);

        var ip = frame.Prepend(Ipv4Header);
        ReadOnlySpan<byte> header = [0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 2, 10, 0, 0, 1];
        header.CopyTo(ip);
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(Ipv4Header + length));
        var sum = 0;
        for (var at = 0; at < Ipv4Header; at += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(ip[at..]);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], (ushort)~((sum & 0xFFFF) + (sum >> 16)));

        var ethernet = frame.Prepend(EthernetHeader);
        MacAddress.Broadcast.Write(ethernet);
        s_mac.Write(ethernet[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(ethernet[12..], 0x0800);
    }
}
