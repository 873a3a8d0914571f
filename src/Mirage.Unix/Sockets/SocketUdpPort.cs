using System.Buffers;
using System.Buffers.Binary;
using LanguageExt;

namespace Mirage.Unix;

/// <summary>A UDP port on a kernel socket.</summary>
internal sealed unsafe class SocketUdpPort : UdpPort, ILoopInput, IDescriptorHandler
{
    private const int BatchMax = 64;
    private const int PayloadMax = 65_507; // 65,535 less the headers of IPv4 and UDP.
    private const int ControlLength = 64;

    private readonly SocketWorld _world;
    private readonly int _descriptor;
    private readonly int _family;
    private readonly Endpoint _local;
    private readonly DatagramSink _sink;
    private readonly DescriptorWatch _watch;
    private readonly Action<SocketUdpPort> _onClose;
    private bool _isRequested;
    private bool _isClosed;

    /// <exception cref="IOException">The socket cannot be watched; it stays the caller's.</exception>
    public SocketUdpPort(SocketWorld world, int descriptor, DatagramSink sink, Action<SocketUdpPort> onClose)
    {
        (_world, _descriptor, _sink, _onClose) = (world, descriptor, sink, onClose);
        _local = KernelSocket.LocalEnd(descriptor);
        _family = SocketName.FamilyOf(_local.Address);
        if (_local.Address.IsUnspecified) // Then only the datagram itself can say which address it was sent to.
        {
            KernelSocket.SetOption(descriptor, Libc.LevelIp, Libc.OptionIpPacketInfo, 1);
            KernelSocket.SetOption(descriptor, Libc.LevelIpv6, Libc.OptionIpv6ReceivePacketInfo, 1);
        }

        _watch = world.Driver.Watch(descriptor, this);
    }

    public override ushort Number => _local.Port;

    public override Endpoint Reachable =>
        _local.Address.IsUnspecified ? _local with { Address = IpAddress.LoopbackV4 } : _local;

    public Either<UdpError, Unit> Send(Endpoint destination, ReadOnlySequence<byte> payload)
    {
        if (_isClosed)
            return new UdpError.Closed();
        if (payload.Length > PayloadMax)
            return new UdpError.TooLong(payload.Length);

        var name = stackalloc byte[SocketName.LengthMax];
        var nameLength = SocketName.Write(new(name, SocketName.LengthMax), _family, destination);
        if (nameLength == 0)
            return new UdpError.NoRoute(destination.Address);

        fixed (byte* start = _world.Linear(payload))
        {
            if (Libc.SendTo(_descriptor, start, (nint)payload.Length, 0, name, nameLength) >= 0)
                return Unit.Default;
        }

        return Errno.Last switch
        {
            Errno.MessageTooLong => new UdpError.TooLong(payload.Length),
            Errno.NetworkUnreachable or Errno.HostUnreachable or Errno.NetworkDown
                or Errno.Invalid or Errno.AddressUnavailable =>
                new UdpError.NoRoute(destination.Address),
            _ => Unit.Default, // The kernel's buffer is full or a filter took it: lost, as on a wire.
        };
    }

    public void Ready(DescriptorEvents events)
    {
        if ((events & DescriptorEvents.Readable) == 0 || _isRequested)
            return;
        _isRequested = true;
        _world.Loop.RequestInput(this);
    }

    public bool TakeBatch()
    {
        for (var count = 0; count < BatchMax; count++)
        {
            if (_isClosed || !Receive())
            {
                _isRequested = false;
                return false;
            }
        }

        return true;
    }

    protected override void Unbind()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        if (_isRequested)
            _world.Loop.WithdrawInput(this);
        _isRequested = false;
        _watch.Dispose();
        _ = Libc.Close(_descriptor);
        _onClose(this);
    }

    private bool Receive()
    {
        var name = stackalloc byte[SocketName.LengthMax];
        var control = stackalloc byte[ControlLength];
        fixed (byte* start = _world.DatagramBuffer)
        {
            var vector = new Libc.IoVector { Base = start, Length = _world.DatagramBuffer.Length };
            var message = new Libc.MessageHeader
            {
                Name = name,
                NameLength = SocketName.LengthMax,
                Vectors = &vector,
                VectorCount = 1,
                Control = control,
                ControlLength = ControlLength,
            };
            var count = (int)Libc.ReceiveMessage(_descriptor, &message, 0);
            if (count < 0)
                return Errno.Last is not (Errno.Again or Errno.BadDescriptor);

            var source = SocketName.Read(new(name, SocketName.LengthMax));
            var destination = ReadDestination(new(control, (int)message.ControlLength));
            _sink.Input(source, destination, _world.DatagramBuffer.AsSpan(0, count));
            return true;
        }
    }

    // struct cmsghdr: | length (8) | level (4) | type (4) |, then in_pktinfo: | interface (4) | local (4) | destination
    // (4) | or in6_pktinfo: | destination (16) | interface (4) |.
    private Endpoint ReadDestination(ReadOnlySpan<byte> control)
    {
        const int Header = 16;
        if (control.Length < Header + 12)
            return _local;
        var level = BinaryPrimitives.ReadInt32LittleEndian(control[8..]);
        var type = BinaryPrimitives.ReadInt32LittleEndian(control[12..]);
        var data = control[Header..];
        return (level, type) switch
        {
            (Libc.LevelIp, Libc.OptionIpPacketInfo) => _local with { Address = IpAddress.ReadV4(data[8..]) },
            (Libc.LevelIpv6, Libc.ControlIpv6PacketInfo) when data.Length >= 16 =>
                _local with { Address = IpAddress.ReadV6(data) },
            _ => _local,
        };
    }
}
