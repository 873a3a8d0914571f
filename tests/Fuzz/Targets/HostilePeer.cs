using System.Buffers;
using System.Buffers.Binary;
using Mirage.Net;
using Mirage.Net.Tests;

namespace Mirage.Fuzz;

/// <summary>A station that knows what the stack has sent, and answers it as a script says: honestly, nearly, or not at
/// all.</summary>
internal sealed class HostilePeer
{
    private const int Ip = EthernetHeader.FixedSize, Transport = Ip + Ipv4Header.FixedSize;
    private static readonly MacAddress s_mac = new(0x020000000099);
    private static readonly IpAddress s_own = IpAddress.Parse("10.0.0.1");
    private static readonly IpAddress s_stack = IpAddress.Parse("10.0.0.2");

    private readonly VirtualPort _port;
    private readonly MacAddress _stackMac;
    private readonly List<byte[]> _heard = []; // The last segments of the stack.
    private byte[] _last = [];
    private uint _next = 1000;

    public HostilePeer(VirtualPort port, MacAddress stackMac)
    {
        (_port, _stackMac) = (port, stackMac);
        VirtualPort.Listen(port, new Ears(this));
    }

    public void Do(ByteScript script)
    {
        switch (script.Next(10))
        {
            case 0:
                var arp = new byte[ArpPacket.FixedSize];
                var sender = s_own.V4 + (uint)script.Next(4);
                var operation = (ArpOperation)(1 + script.Next(2));
                new ArpPacket(operation, s_mac, IpAddress.FromV4(sender), _stackMac, s_stack).Emit(arp);
                Send(Packets.Frame(script.Next(2) == 0 ? MacAddress.Broadcast : _stackMac, s_mac, EtherType.Arp, arp));
                break;
            case 1:
                Send(IpProtocol.Icmp, Packets.Echo(new(script.Next(2) == 0, (ushort)script.Byte(), 1), script.Take(8)));
                break;
            case 2:
                Complain(script);
                break;
            case 3:
                var ends = (new Endpoint(s_own, 4000), new Endpoint(s_stack, (ushort)(7 + script.Next(2))));
                Send(IpProtocol.Udp, Packets.Udp(ends.Item1, ends.Item2, new byte[script.Next(100)]), script);
                break;
            case 4:
                Again(script);
                break;
            case 5:
                Send(Packets.Frame(_stackMac, s_mac, (EtherType)script.Word(), script.Take(script.Byte())));
                break;
            default:
                Segment(script);
                break;
        }
    }

    // A SYN to the port that is listened on, or the answer to the last segment that was heard.
    private void Segment(ByteScript script)
    {
        var (flags, odd) = (TcpFlags.Ack, script.Byte());
        if ((odd & 0xC0) == 0xC0)
            flags = (TcpFlags)script.Byte();
        var (local, remote, sequence, acknowledgment) = ((ushort)(5000 + script.Next(4)), (ushort)80, _next, 0u);
        if (_heard.Count == 0 || script.Next(6) == 0)
        {
            flags = TcpFlags.Syn;
        }
        else if (TcpSegment.Parse(_heard[script.Next(_heard.Count)], out var heard) is ParseStatus.Ok)
        {
            (local, remote) = (heard.Header.DestinationPort, heard.Header.SourcePort);
            sequence = heard.Header.Acknowledgment;
            acknowledgment = heard.Header.Sequence.Plus(heard.SequenceLength);
            if (heard.Has(TcpFlags.Syn) && !heard.Has(TcpFlags.Ack))
                (flags, sequence) = (TcpFlags.Syn | TcpFlags.Ack, _next);
        }

        sequence = sequence.Plus((odd & 3) == 3 ? script.Word() - 32_768 : 0);
        acknowledgment = acknowledgment.Plus((odd & 12) == 12 ? script.Word() - 32_768 : 0);
        var header = new TcpHeader(local, remote, sequence, acknowledgment, flags, (ushort)script.Word())
        {
            Options = (flags & TcpFlags.Syn) == 0 ? default : new()
            {
                MaximumSegmentSize = (ushort)script.Word(),
                WindowScale = script.Byte(),
                SackPermitted = true,
                Timestamps = (odd & 16) == 0 ? null : new(1, 2),
            },
        };
        Send(IpProtocol.Tcp, Image(header, new byte[(odd & 32) == 0 ? 0 : script.Next(1460)]), script);
    }

    private static byte[] Image(TcpHeader header, byte[] payload)
    {
        var image = new byte[header.Size + payload.Length];
        header.Emit(image);
        payload.CopyTo(image.AsSpan(header.Size));
        var sum = InternetChecksum.PseudoHeader(s_own, s_stack, IpProtocol.Tcp, image.Length);
        BinaryPrimitives.WriteUInt16BigEndian(image.AsSpan(TcpHeader.ChecksumOffset),
            InternetChecksum.Finish(InternetChecksum.Add(sum, image)));
        return image;
    }

    // An ICMP error that quotes what the stack has sent.
    private void Complain(ByteScript script)
    {
        if (_last.Length < Transport)
            return;
        var type = script.Next(2) == 0 ? IcmpType.DestinationUnreachable : IcmpType.TimeExceeded;
        var quoted = _last[Ip..Math.Min(_last.Length, Transport + 8 + script.Next(20))];
        Send(IpProtocol.Icmp, Packets.Icmp(new(type, (byte)script.Next(8), (uint)script.Word()), quoted));
    }

    // The stack's own frame comes back, with a byte changed and its ends exchanged or not.
    private void Again(ByteScript script)
    {
        if (_last.Length == 0)
            return;
        var frame = _last.AsSpan().ToArray();
        if (script.Next(2) == 0 && frame.Length >= Transport)
        {
            var source = frame.AsSpan(Ip + 12, 4).ToArray();
            frame.AsSpan(Ip + 16, 4).CopyTo(frame.AsSpan(Ip + 12));
            source.CopyTo(frame.AsSpan(Ip + 16));
        }

        frame[script.Next(frame.Length)] ^= script.Byte();
        _stackMac.Write(frame);
        Send(frame);
    }

    private void Send(IpProtocol protocol, byte[] payload, ByteScript? script = null)
    {
        var header = new Ipv4Header { Source = s_own, Destination = s_stack, Protocol = protocol, Ttl = 64 };
        if (script is not null && script.Next(12) == 0) // A fragment of it, which may be all that comes.
        {
            header = header with { Identification = (ushort)script.Next(4), Flags = Ipv4Flags.MoreFragments };
            payload = payload[..(payload.Length & ~7)];
        }

        Send(Packets.Frame(_stackMac, s_mac, EtherType.Ipv4, Packets.Ipv4(header, payload)));
    }

    private void Send(byte[] bytes)
    {
        var frame = new TransmitFrame(new byte[TransmitFrame.Room], new ReadOnlySequence<byte>(bytes));
        _ = VirtualPort.Write(_port, ref frame);
    }

    private void Hear(ReadOnlySpan<byte> frame)
    {
        const int HeardMax = 8;
        _last = frame.ToArray();
        if (frame.Length < Transport || frame[Ip] != 0x45 || frame[Ip + 9] != (byte)IpProtocol.Tcp)
            return;
        if (_heard.Count == HeardMax)
            _heard.RemoveAt(0);
        _heard.Add(frame[Transport..EndOf(frame)].ToArray());
        _next += 64_000;
    }

    private static int EndOf(ReadOnlySpan<byte> frame) =>
        Ip + BinaryPrimitives.ReadUInt16BigEndian(frame[(Ip + 2)..]);

    private readonly struct Ears(HostilePeer peer) : IFrameHandler
    {
        public void Input(in ReceivedFrame frame) => peer.Hear(frame.Bytes);
    }
}
