using System.Buffers;
using LanguageExt;
using Mirage.Net;

namespace Mirage.Unix;

/// <summary>What the sockets of one stack share: the loop, memory, and who is open.</summary>
internal sealed class SocketWorld
{
    private const int DatagramMax = 65_535;
    private readonly UnixHost _host;
    private readonly Holding[] _holdings;
    private TaskCompletionSource? _drained;
    private byte[]? _datagram;
    private byte[]? _linear;

    public SocketWorld(UnixHost host)
    {
        const string Buffers = "buffers of sockets";
        _host = host;
        Pool = new(Buffers, host.PoisonsReturned);
        _holdings =
        [
            host.Holdings.Add("connected sockets", () => Flows.Count),
            host.Holdings.Add(Buffers, () => Pool.Rented),
        ];
    }

    public EventLoop Loop => _host.Loop;

    public UnixDriver Driver => _host.Driver;

    public BlockPool Pool { get; }

    /// <summary>Whether nothing may be opened any more.</summary>
    public bool IsClosed { get; private set; }

    public GatherWriter Writer { get; } = new();

    public System.Collections.Generic.HashSet<SocketFlow> Flows { get; } = [];

    /// <summary>Listens on <paramref name="local"/>, or gives the error of the step that failed.</summary>
    public Either<int, SocketListener> Listen(
        Endpoint local, int backlog, FlowOptions options, Action<SocketListener> onClose) =>
        KernelSocket.Open(Libc.SocketStream, local).Bind(descriptor =>
        {
            KernelSocket.Apply(descriptor, options); // What a connection takes over when it is accepted.
            return Libc.Listen(descriptor, backlog) == 0
                ? Own(descriptor, () => new SocketListener(this, descriptor, options, onClose))
                : Refuse<SocketListener>(descriptor, Errno.Last);
        });

    /// <summary>Opens <paramref name="local"/> for datagrams, or gives the error of the step that failed.</summary>
    public Either<int, SocketUdpPort> Bind(Endpoint local, DatagramSink sink, Action<SocketUdpPort> onClose,
        BindOptions options = default, bool isShared = false) =>
        KernelSocket.Open(Libc.SocketDatagram, local, isShared).Bind(descriptor =>
        {
            var family = SocketName.FamilyOf(local.Address);
            var error = options.Remote is { } remote ? KernelSocket.Connect(descriptor, family, remote) : 0;
            return error == 0
                ? Own(descriptor, () => new SocketUdpPort(this, descriptor, sink, onClose, local.Address, options))
                : Refuse<SocketUdpPort>(descriptor, error);
        });

    /// <summary>Where datagrams are received: each is handed up before the next one is.</summary>
    public byte[] DatagramBuffer => _datagram ??= GC.AllocateUninitializedArray<byte>(DatagramMax);

    /// <summary>The bytes in one piece, valid until the next call; at most <see cref="DatagramMax"/>.</summary>
    public ReadOnlySpan<byte> Linear(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsSingleSegment)
            return bytes.FirstSpan;
        _linear ??= GC.AllocateUninitializedArray<byte>(DatagramMax);
        bytes.CopyTo(_linear);
        return _linear.AsSpan(0, (int)bytes.Length);
    }

    public unsafe int Receive(int descriptor, Span<byte> destination)
    {
        fixed (byte* start = destination)
            return (int)Libc.Receive(descriptor, start, destination.Length, 0);
    }

    public void Forget(SocketFlow flow)
    {
        Flows.Remove(flow);
        if (Flows.Count == 0)
            _drained?.TrySetResult();
    }

    /// <summary>Resets the flows that are in use, and waits for those that only have bytes left to send, for a bounded
    /// time each.</summary>
    public async ValueTask Close()
    {
        IsClosed = true;
        foreach (var flow in Flows.ToArray())
        {
            if (!flow.IsLingering)
                flow.Abort();
        }

        if (Flows.Count > 0)
        {
            _drained = new();
            await _drained.Task;
        }

        foreach (var holding in _holdings)
            holding.Dispose();
    }

    private static Either<int, T> Own<T>(int descriptor, Func<T> make)
    {
        try
        {
            return Prelude.Right<int, T>(make());
        }
        catch (IOException)
        {
            return Refuse<T>(descriptor, Errno.NoFiles); // The kernel watches as many as it may.
        }
    }

    private static Either<int, T> Refuse<T>(int descriptor, int error)
    {
        _ = Libc.Close(descriptor);
        return Prelude.Left<int, T>(error);
    }
}
