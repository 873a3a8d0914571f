using System.Buffers;
using LanguageExt;
using Microsoft.Extensions.Logging;
using static Mirage.Impl;

namespace Mirage.Net;

/// <summary>ARP over any Ethernet: MirageOS's <c>Arp.Make</c>.</summary>
/// <typeparam name="TEthernet">The Ethernet below.</typeparam>
public readonly struct Arp<TEthernet> : IArp<Arp<TEthernet>> where TEthernet : struct, IEthernet<TEthernet>
{
    private readonly Core _core;

    private Arp(Core core) => _core = core;

    /// <inheritdoc/>
    public static Impl<Arp<TEthernet>> Impl =>
        (Of<TEthernet>(), BootHost).Apply(static (ethernet, host) => Create(host, ethernet));

    /// <summary>Makes the resolver on <paramref name="host"/>'s loop in code; its input is given to it.</summary>
    public static Arp<TEthernet> Create(Host host, TEthernet ethernet)
    {
        ArgumentNullException.ThrowIfNull(host);
        return new(new Core(ethernet, host));
    }

    /// <inheritdoc/>
    public static string Group => TEthernet.Group;

    /// <inheritdoc/>
    public static ValueTask Disconnect(Arp<TEthernet> device)
    {
        device._core.Disconnect();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public static IReadOnlyList<IpAddress> Addresses(Arp<TEthernet> arp) => arp._core.Machine.Addresses;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There are more addresses than a link should have: 64.</exception>
    public static void AddAddress(Arp<TEthernet> arp, IpAddress address) => arp._core.AddAddress(address);

    /// <inheritdoc/>
    public static void RemoveAddress(Arp<TEthernet> arp, IpAddress address) =>
        arp._core.Machine.HandleRemoveAddress(address);

    /// <inheritdoc/>
    public static bool TryGet(Arp<TEthernet> arp, IpAddress target, out MacAddress mac) =>
        arp._core.TryGet(target, out mac);

    /// <inheritdoc/>
    public static ValueTask<Either<ArpError, MacAddress>> Query(Arp<TEthernet> arp, IpAddress target) =>
        arp._core.Query(target);

    /// <inheritdoc/>
    public static void Input(Arp<TEthernet> arp, in ReceivedFrame payload) => arp._core.Input(payload);

    internal static ArpCounters Counters(Arp<TEthernet> arp) => arp._core.Machine.Counters;

    internal static int Count(Arp<TEthernet> arp) => arp._core.Machine.Count;

    /// <summary>Effects, no decision: parse, call the machine, drain it.</summary>
    private sealed class Core
    {
        private readonly TEthernet _ethernet;
        private readonly EventLoop _loop;
        private readonly ILogger _log;
        private readonly LoopTimer _timer;
        private readonly Dictionary<IpAddress, Waiter<Either<ArpError, MacAddress>>> _waiters = [];
        private readonly Holding _holding;
        private bool _isDisconnected;

        public Core(TEthernet ethernet, Host host)
        {
            _ethernet = ethernet;
            _loop = host.Loop;
            _log = host.Logs.CreateLogger("arp");
            _timer = host.Loop.CreateTimer(static core => ((Core)core!).OnTimer(), this);
            _holding = host.Holdings.Add("ARP queries", () => _waiters.Count);
            Machine = new(TEthernet.Info(ethernet).Mac);
        }

        public ArpMachine Machine { get; }

        public void AddAddress(IpAddress address)
        {
            if (!Machine.HandleAddAddress(address, _loop.CoarseNs))
                throw new InvalidOperationException(
                    $"No more than {ArpMachine.AddressesMax} addresses are answered for.");
            Drain();
        }

        public bool TryGet(IpAddress target, out MacAddress mac)
        {
            if (!Machine.HandleSend(target, out mac, out var isStale))
                return false;
            if (isStale)
            {
                Machine.HandleStale(target, _loop.CoarseNs);
                Rearm();
            }

            return true;
        }

        public ValueTask<Either<ArpError, MacAddress>> Query(IpAddress target)
        {
            if (TryGet(target, out var mac))
                return new((Either<ArpError, MacAddress>)mac);
            if (_isDisconnected)
                return new(new ArpError.Timeout(target)); // Nobody would be heard.
            if (!_waiters.TryGetValue(target, out var waiter)) // Concurrent queries for one address share one request.
            {
                waiter = new(_loop);
                _waiters.Add(target, waiter);
            }

            Machine.HandleQuery(target, _loop.CoarseNs);
            Drain();
            return new(waiter.Task);
        }

        public void Input(in ReceivedFrame payload)
        {
            if (_isDisconnected)
                return; // The link may outlive the resolver.
            if (ArpPacket.Parse(payload.Bytes, out var packet) is not ParseStatus.Ok)
            {
                Machine.Counters.InDiscards++;
                return; // RFC 826: what is not understood is dropped.
            }

            Machine.HandleInput(packet, _loop.CoarseNs);
            Drain();
        }

        public void Disconnect()
        {
            _isDisconnected = true;
            _timer.Disarm();
            foreach (var (target, waiter) in _waiters)
                waiter.Answer(new ArpError.Timeout(target));
            _waiters.Clear();
            _holding.Dispose();
        }

        private void OnTimer()
        {
            Machine.HandleTimeout(_loop.CoarseNs);
            Drain();
        }

        private void Drain()
        {
            while (Machine.TryPollTransmit(out var transmit))
                Transmit(transmit);
            while (Machine.TryPollAnswer(out var answer))
            {
                if (_waiters.Remove(answer.Ip, out var waiter))
                    waiter.Answer(ToResult(answer));
            }

            while (Machine.TryPollConflict(out var conflict))
                ArpLog.Conflict(_log, conflict);
            Rearm();
        }

        private void Transmit(in ArpTransmit transmit)
        {
            Span<byte> room = stackalloc byte[TransmitFrame.Room];
            var frame = new TransmitFrame(room, ReadOnlySequence<byte>.Empty);
            transmit.Packet.Emit(frame.Prepend(ArpPacket.FixedSize));
            TEthernet.Write(_ethernet, transmit.Destination, EtherType.Arp, ref frame);
        }

        private void Rearm()
        {
            if (!_isDisconnected && Machine.NextTimeoutNs is { } dueNs)
                _timer.Arm(dueNs);
            else
                _timer.Disarm();
        }

        private static Either<ArpError, MacAddress> ToResult(in ArpAnswer answer)
        {
            if (answer.Mac is { } mac)
                return mac;
            return answer.IsTableFull ? new ArpError.TableFull() : new ArpError.Timeout(answer.Ip);
        }
    }
}
