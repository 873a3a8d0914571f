using System.Buffers;
using System.Buffers.Binary;
using LanguageExt;

namespace Mirage.Net;

/// <summary>The state of an <see cref="Icmp{TIp}"/>: effects, and which machine a message goes to.</summary>
internal sealed class IcmpCore<TIp> where TIp : struct, IIp<TIp>
{
    private readonly TIp _ip;
    private readonly EventLoop _loop;
    private readonly IcmpEchoMachine _echoes;
    private readonly IcmpRateLimiter _errors;
    private readonly Dictionary<ushort, Waiter<Either<IcmpError, TimeSpan>>> _waiters = [];
    private readonly Holding _holding;
    private bool _isDisconnected;

    public IcmpCore(TIp ip, Host host)
    {
        (_ip, _loop) = (ip, host.Loop);
        Span<byte> seed = stackalloc byte[10];
        host.FillRandom(seed);
        _errors = new(BinaryPrimitives.ReadUInt64LittleEndian(seed));
        _holding = host.Holdings.Add("ICMP echoes", () => _waiters.Count);
        _echoes = new(BinaryPrimitives.ReadUInt16LittleEndian(seed[8..]));
    }

    public IcmpCounters Counters { get; } = new();

    public async ValueTask<Either<IcmpError, TimeSpan>> Echo(
        IpAddress destination, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_isDisconnected)
            return new IcmpError.Closed();
        if (!TIp.TryGetSource(_ip, destination, out var source))
            return new IcmpError.NoRoute(destination);
        if (!_echoes.HandleRequest(destination, data, _loop.NowNs, out var echo))
            return new IcmpError.NotSent(WriteStatus.Full);

        var waiter = new Waiter<Either<IcmpError, TimeSpan>>(_loop);
        _waiters.Add(echo.Sequence, waiter);
        using var registration = cancellation.UnsafeRegister(
            static (waiter, token) => ((Waiter<Either<IcmpError, TimeSpan>>)waiter!).Cancel(token), waiter);
        try
        {
            var status = Send(echo, new(source, destination, IpProtocol.Icmp), data.Span);
            if (status is not WriteStatus.Ok)
                return new IcmpError.NotSent(status);
            return await waiter.Task;
        }
        finally
        {
            _waiters.Remove(echo.Sequence);
            _echoes.HandleCancel(echo.Sequence);
        }
    }

    public void Disconnect()
    {
        _isDisconnected = true;
        foreach (var waiter in _waiters.Values)
            waiter.Answer(new IcmpError.Closed());
        _holding.Dispose(); // Whoever waits takes his entry out when he runs.
    }

    public void Reject(in ReceivedPacket offending, IcmpUnreachable reason)
    {
        if (!IcmpErrors.MayAnswer(offending) || !_errors.HandleError(reason, _loop.NowNs))
            return;

        IcmpMessage message = reason switch
        {
            IcmpUnreachable.TimeExceeded => new(IcmpType.TimeExceeded, 0, 0),
            IcmpUnreachable.ParameterProblem => new(IcmpType.ParameterProblem, 0, 0),
            _ => new(IcmpType.DestinationUnreachable, (byte)reason, 0),
        };
        Counters.OutErrors++;
        Span<byte> room = stackalloc byte[IcmpErrors.Room];
        var frame = new TransmitFrame(room, ReadOnlySequence<byte>.Empty);
        IcmpErrors.Prepend(ref frame, message, offending.Header, offending.Payload.Bytes);
        TIp.Write(_ip, new IpHeader(offending.Destination, offending.Source, IpProtocol.Icmp), ref frame);
    }

    public void Input<THandler>(in ReceivedPacket packet, THandler handler) where THandler : struct, IIcmpHandler
    {
        Counters.InMsgs++;
        var bytes = packet.Payload.Bytes;
        if (IcmpMessage.Parse(bytes, out var message) is not ParseStatus.Ok || !InternetChecksum.IsValid(bytes))
        {
            Counters.InErrors++;
            return;
        }

        switch (message.Type)
        {
            case IcmpType.Echo or IcmpType.EchoReply
                when TIp.IsLocal(_ip, packet.Destination) && IcmpEcho.Parse(bytes, out var echo) is ParseStatus.Ok:
                HandleEcho(packet, echo, bytes[IcmpEcho.FixedSize..]);
                break;
            case IcmpType.DestinationUnreachable or IcmpType.TimeExceeded or IcmpType.ParameterProblem
                when !packet.IsBroadcast:
                HandleError(packet.Destination, message, bytes[IcmpMessage.FixedSize..], handler);
                break;
            default: // RFC 6633: Source Quench too.
                Counters.InIgnored++;
                break;
        }
    }

    private void HandleEcho(in ReceivedPacket packet, in IcmpEcho echo, ReadOnlySpan<byte> data)
    {
        if (!echo.IsReply)
        {
            Counters.InEchos++;
            Send(echo with { IsReply = true }, new(packet.Destination, packet.Source, IpProtocol.Icmp), data);
        }
        else if (_echoes.HandleReply(packet.Source, echo, data, _loop.NowNs, out var elapsedNs))
        {
            Counters.InEchoReps++;
            _waiters[echo.Sequence].Answer(TimeSpan.FromTicks(elapsedNs / TimeSpan.NanosecondsPerTick));
        }
        else
            Counters.InIgnored++;
    }

    // A stack that answers for other hosts hears of its packets by their addresses.
    private void HandleError<THandler>(
        IpAddress destination, in IcmpMessage message, ReadOnlySpan<byte> data, THandler handler)
        where THandler : struct, IIcmpHandler
    {
        if (!IcmpQuotations.TryRead(message, data, out var quotation, out var transport)
            || (quotation.Source != destination && !TIp.IsLocal(_ip, quotation.Source)))
        {
            Counters.InForged++;
            return;
        }

        Counters.InUnreachable++;
        handler.Unreachable(quotation, transport);
    }

    // The data may lie in a frame of the device: it is copied behind the header, into one piece of memory that the
    // checksum covers.
    private WriteStatus Send(in IcmpEcho echo, in IpHeader header, ReadOnlySpan<byte> data)
    {
        var length = IcmpEcho.FixedSize + data.Length;
        if (length > Ipv4Header.PacketMax - Ipv4Header.FixedSize)
            return WriteStatus.TooLong;

        var array = ArrayPool<byte>.Shared.Rent(length);
        data.CopyTo(array.AsSpan(IcmpEcho.FixedSize));
        echo.EmitWithChecksum(array.AsSpan(0, length));
        Span<byte> room = stackalloc byte[TransmitFrame.Room];
        var frame = new TransmitFrame(room, new ReadOnlySequence<byte>(array, 0, length));
        var status = TIp.Write(_ip, header, ref frame);
        ArrayPool<byte>.Shared.Return(array);
        return status;
    }
}
