using LanguageExt;
using Mirage.Net;

namespace Mirage.Unix;

/// <summary>A listening kernel socket. Connections wait in the kernel until they are accepted.</summary>
internal sealed class SocketListener : IListener, IDescriptorHandler
{
    private const long ExhaustedPauseNs = 50_000_000;

    // Connections taken in one iteration of the loop before others get their turn, however fast clients come.
    private const int BurstMax = 256;

    private readonly SocketWorld _world;
    private readonly int _descriptor;
    private readonly FlowOptions _options;
    private readonly DescriptorWatch _watch;
    private readonly LoopWait _change;
    private readonly LoopTimer _pause;
    private readonly Action<SocketListener> _onClose;
    private long _iteration;
    private int _burst;
    private bool _isReady;
    private bool _isClosed;

    /// <param name="world">The stack that the listener belongs to.</param>
    /// <param name="descriptor">A listening socket, which is the listener's from now on.</param>
    /// <param name="options">How its connections behave.</param>
    /// <param name="onClose">Called once, when the port is free again.</param>
    /// <exception cref="IOException">The socket cannot be watched; it stays the caller's.</exception>
    public SocketListener(
        SocketWorld world, int descriptor, FlowOptions options, Action<SocketListener> onClose)
    {
        (_world, _descriptor, _options, _onClose) = (world, descriptor, options, onClose);
        _change = new(world.Loop);
        _pause = world.Loop.CreateTimer(static self => ((SocketListener)self!).Ready(DescriptorEvents.Readable), this);
        var local = KernelSocket.LocalEnd(descriptor);
        Port = local.Port;
        Reachable = local.Address.IsUnspecified ? local with { Address = IpAddress.LoopbackV4 } : local;
        _watch = world.Driver.Watch(descriptor, this);
    }

    public ushort Port { get; }

    public Endpoint Reachable { get; }

    public async ValueTask<Either<TcpError, IFlow>> Accept(CancellationToken cancellation = default)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_isClosed)
                return Prelude.Left<TcpError, IFlow>(new TcpError.Closed());
            if (_isReady && IsBurstOver())
                await Task.Yield();
            else if (_isReady && TryAccept() is { } flow)
                return Prelude.Right<TcpError, IFlow>(flow);
            if (_isReady)
                continue;

            await _change.WaitAsync(cancellation);
        }
    }

    public void Ready(DescriptorEvents events)
    {
        _isReady = true;
        _change.Wake();
    }

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    /// <summary>What disposing does, for which there is nothing to wait.</summary>
    public void Close()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _pause.Disarm();
        _watch.Dispose();
        // A process that is being started holds our descriptors until it is another program, and a client would be
        // accepted into its queue, then reset: closing alone does not end the listening.
        _ = Libc.Shutdown(_descriptor, Libc.ShutBoth);
        _ = Libc.Close(_descriptor);
        _change.Wake();
        _onClose(this);
    }

    private bool IsBurstOver()
    {
        if (_iteration != _world.Loop.Iterations)
            (_iteration, _burst) = (_world.Loop.Iterations, 0);
        return _burst++ >= BurstMax;
    }

    // Null when nobody waits, and when the one that did has gone again: then the socket is still ready.
    private unsafe SocketFlow? TryAccept()
    {
        var name = stackalloc byte[SocketName.LengthMax];
        var length = SocketName.LengthMax;
        var descriptor = Libc.Accept(_descriptor, name, &length, Libc.SocketNonBlockingCloseOnExec);
        if (descriptor < 0)
        {
            Pause(Errno.Last);
            return null;
        }

        try
        {
            return new SocketFlow(_world, descriptor, SocketName.Read(new(name, SocketName.LengthMax)), _options);
        }
        catch (IOException)
        {
            _ = Libc.Close(descriptor); // The kernel watches as many as it may.
            Pause(Errno.NoFiles);
            return null;
        }
    }

    private void Pause(int error)
    {
        if (error is Errno.Interrupted or Errno.ConnectionAborted)
            return;
        _isReady = false;
        // The connection stays in the kernel's queue, so that no edge will tell of it again.
        if (error != Errno.Again)
            _pause.Arm(_world.Loop.NowNs + ExhaustedPauseNs);
    }
}
