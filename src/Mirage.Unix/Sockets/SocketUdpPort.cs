using System.Buffers;
using LanguageExt;

namespace Mirage.Unix;

/// <summary>A UDP port on a kernel socket.</summary>
internal sealed unsafe class SocketUdpPort : UdpPort, ILoopInput, IDescriptorHandler
{
    private const int BatchMax = 64;
    private const int PayloadMax = 65_507; // 65,535 less the headers of IPv4 and UDP.

    private readonly SocketWorld _world;
    private readonly int _descriptor;
    private readonly int _family;
    private readonly Endpoint _local;
    private readonly DatagramSink _sink;
    private readonly DescriptorWatch _watch;
    private readonly Action<SocketUdpPort> _onClose;
    private readonly bool _hearsErrors;
    private bool _hasFailed; // The kernel has told of an error that was not taken yet.
    private bool? _sendsSegments; // Null until somebody asks.
    private bool _isRequested;
    private bool _isClosed;

    /// <exception cref="IOException">The socket cannot be watched; it stays the caller's.</exception>
    public SocketUdpPort(
        SocketWorld world, int descriptor, DatagramSink sink, Action<SocketUdpPort> onClose, IpAddress address,
        BindOptions options)
    {
        (_world, _descriptor, _sink, _onClose) = (world, descriptor, sink, onClose);
        (Address, IsWildcard, Remote) = (address, options.LocalAddress.IsUnspecified, options.Remote);
        _local = KernelSocket.LocalEnd(descriptor);
        _family = SocketName.FamilyOf(_local.Address);
        if (_local.Address.IsUnspecified) // Then only the datagram itself can say which address it was sent to.
        {
            KernelSocket.SetOption(descriptor, Libc.LevelIp, Libc.OptionIpPacketInfo, 1);
            KernelSocket.SetOption(descriptor, Libc.LevelIpv6, Libc.OptionIpv6ReceivePacketInfo, 1);
        }

        _hearsErrors = options.Remote is not null || options.ReportsErrors;
        if (_hearsErrors)
            SocketErrorQueue.Open(descriptor);
        if (options.DontFragment)
        {
            KernelSocket.SetOption(descriptor, Libc.LevelIp, Libc.OptionIpMtuDiscover, Libc.MtuDiscoverDo);
            KernelSocket.SetOption(descriptor, Libc.LevelIpv6, Libc.OptionIpv6MtuDiscover, Libc.MtuDiscoverDo);
        }

        SocketGroups.Prepare(descriptor, options);
        _watch = world.Driver.Watch(descriptor, this);
    }

    /// <summary>The address that it was bound to.</summary>
    public IpAddress Address { get; }

    /// <summary>Whether it was asked for without an address, and has the one that the stack listens on, or
    /// all.</summary>
    public bool IsWildcard { get; }

    /// <summary>The peer that it is connected to.</summary>
    public Endpoint? Remote { get; }

    public override ushort Number => _local.Port;

    public override Endpoint Reachable =>
        _local.Address.IsUnspecified ? _local with { Address = IpAddress.LoopbackV4 } : _local;

    public Either<UdpError, Unit> SendSegments(
        Endpoint destination, ReadOnlySequence<byte> payload, int segmentSize)
    {
        _sendsSegments ??= SegmentedSend.IsKnown(_descriptor);
        while (payload.Length > segmentSize)
        {
            var count = _sendsSegments.Value ? Math.Min(SegmentedSend.SegmentsMax, PayloadMax / segmentSize) : 1;
            var piece = payload.Slice(0, Math.Min(payload.Length, (long)Math.Max(1, count) * segmentSize));
            var sent = Send(destination, piece, segmentSize);
            if (sent.IsLeft)
                return sent;
            payload = payload.Slice(piece.Length);
            if (payload.IsEmpty)
                return sent;
        }

        return Send(destination, payload);
    }

    /// <summary>Sends one datagram, or several of <paramref name="segmentSize"/> bytes if that is fewer.</summary>
    public Either<UdpError, Unit> Send(Endpoint destination, ReadOnlySequence<byte> payload, int segmentSize = 0)
    {
        if (_isClosed)
            return new UdpError.Closed();
        if (payload.Length > PayloadMax)
            return new UdpError.TooLong(payload.Length);

        var name = stackalloc byte[SocketName.LengthMax];
        var nameLength = SocketName.Write(new(name, SocketName.LengthMax), _family, destination);
        if (nameLength == 0)
            return new UdpError.NoRoute(destination.Address);

        var error = SendTo(name, nameLength, payload, segmentSize);
        // The kernel tells of an earlier datagram's error by refusing this one; the queue has the error still.
        if (error != 0 && _hearsErrors)
            error = SendTo(name, nameLength, payload, segmentSize);
        return error switch
        {
            0 => Unit.Default,
            Errno.MessageTooLong => new UdpError.TooLong(payload.Length),
            Errno.NetworkUnreachable or Errno.HostUnreachable or Errno.NetworkDown
                or Errno.Invalid or Errno.AddressUnavailable =>
                new UdpError.NoRoute(destination.Address),
            _ => Unit.Default, // The kernel's buffer is full or a filter took it: lost, as on a wire.
        };
    }

    public Either<UdpError, Unit> Join(IpAddress group) =>
        _isClosed ? new UdpError.Closed() : SocketGroups.Join(_descriptor, _local.Address, group);

    public void Leave(IpAddress group)
    {
        if (!_isClosed)
            SocketGroups.Leave(_descriptor, group);
    }

    /// <summary>Lets another socket of this stack have the number too, for as long as it is being bound.</summary>
    public void Share(bool isShared) =>
        KernelSocket.SetOption(_descriptor, Libc.LevelSocket, Libc.OptionReuseAddress, isShared ? 1 : 0);

    /// <summary>The stack is disconnected.</summary>
    public void HandleDisconnect()
    {
        Unbind();
        _sink.Closed();
    }

    public void Ready(DescriptorEvents events)
    {
        _hasFailed |= (events & DescriptorEvents.Failed) != 0;
        if ((events & DescriptorEvents.Readable) == 0 || _isRequested)
            return;
        _isRequested = true;
        _world.Loop.RequestInput(this);
    }

    public bool TakeBatch()
    {
        TakeErrors();
        for (var count = 0; count < BatchMax; count++)
        {
            if (!_isClosed && Receive())
                continue;
            // Errors beyond a batch of them wait for the next turn.
            _isRequested = _hasFailed && !_isClosed;
            return _isRequested;
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

    private int SendTo(byte* name, int nameLength, in ReadOnlySequence<byte> payload, int segmentSize)
    {
        var bytes = _world.Linear(payload);
        if (segmentSize > 0 && bytes.Length > segmentSize)
            return SendEach(name, nameLength, bytes, segmentSize);
        fixed (byte* start = bytes)
        {
            return Libc.SendTo(_descriptor, start, (nint)payload.Length, 0, name, nameLength) >= 0 ? 0 : Errno.Last;
        }
    }

    private int SendEach(byte* name, int nameLength, ReadOnlySpan<byte> payload, int segmentSize)
    {
        var error = SegmentedSend.Send(_descriptor, name, nameLength, payload, segmentSize);
        if (error is not (Errno.Invalid or Errno.InputOutput or Errno.MessageTooLong))
            return error;
        // Datagrams longer than the link, or a device that completes no checksums: not all at once, then.
        fixed (byte* start = payload)
        {
            for (var at = 0; at < payload.Length; at += segmentSize)
            {
                var length = Math.Min(segmentSize, payload.Length - at);
                if (Libc.SendTo(_descriptor, start + at, length, 0, name, nameLength) < 0)
                    return Errno.Last;
            }
        }

        return 0;
    }

    private void TakeErrors()
    {
        if (!_hasFailed)
            return;
        _hasFailed = false;
        for (var count = 0; count < BatchMax && !_isClosed; count++)
        {
            if (!SocketErrorQueue.TryTake(_descriptor, out var destination, out var reason))
                return;
            if (reason is { } known)
                _sink.Unreachable(Remote ?? destination, known);
        }

        _hasFailed = true;
    }

    private bool Receive()
    {
        var name = stackalloc byte[SocketName.LengthMax];
        var control = stackalloc byte[ControlMessages.LengthMax];
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
                ControlLength = ControlMessages.LengthMax,
            };
            var count = (int)Libc.ReceiveMessage(_descriptor, &message, 0);
            if (count < 0)
                return Errno.Last is not (Errno.Again or Errno.BadDescriptor);

            var source = SocketName.Read(new(name, SocketName.LengthMax));
            if (Remote is { } remote && remote != source)
                return true; // It came between binding and connecting.
            var destination = ReadDestination(new(control, (int)message.ControlLength));
            _sink.Input(source, destination, _world.DatagramBuffer.AsSpan(0, count));
            return true;
        }
    }

    // in_pktinfo: | interface (4) | local (4) | destination (4) |, or
    // in6_pktinfo: | destination (16) | interface (4) |.
    private Endpoint ReadDestination(ReadOnlySpan<byte> control)
    {
        var messages = new ControlMessages(control);
        while (messages.TryNext())
        {
            var data = messages.Data;
            switch (messages.Level, messages.Type)
            {
                case (Libc.LevelIp, Libc.OptionIpPacketInfo) when data.Length >= 12:
                    return _local with { Address = IpAddress.ReadV4(data[8..]) };
                case (Libc.LevelIpv6, Libc.ControlIpv6PacketInfo) when data.Length >= 16:
                    return _local with { Address = IpAddress.ReadV6(data) };
            }
        }

        return _local;
    }
}
