using LanguageExt;
using Mirage.Net;

namespace Mirage.Unix;

/// <summary>Opens one connection: waits until the kernel says how its handshake ended.</summary>
internal sealed class SocketConnector : IDescriptorHandler
{
    private readonly LoopWait _ready;

    private SocketConnector(EventLoop loop) => _ready = new(loop);

    /// <summary>The flow, or why there is none.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled first; the socket is
    /// closed.</exception>
    public static async ValueTask<Either<TcpError, IFlow>> Connect(
        SocketWorld world, Endpoint remote, FlowOptions options, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        const int Type = Libc.SocketStream | Libc.SocketNonBlockingCloseOnExec;
        var descriptor = Libc.Socket(SocketName.FamilyOf(remote.Address), Type, 0);
        if (descriptor < 0)
            return Failed(Errno.Last, remote);

        var isOwned = false;
        try
        {
            KernelSocket.Apply(descriptor, options);
            var error = Begin(descriptor, remote);
            if (error == Errno.InProgress)
                error = await new SocketConnector(world.Loop).Finish(world, descriptor, cancellation);
            // The kernel lets a port that it chose for us connect to itself, RFC 9293 figure 8: nobody listens there.
            if (error == 0 && KernelSocket.LocalEnd(descriptor) == remote)
                error = Errno.ConnectionRefused;
            if (error != 0)
                return Failed(error, remote);

            if (world.IsClosed) // Meanwhile: nobody would end the flow.
                return Prelude.Left<TcpError, IFlow>(new TcpError.Closed());

            var flow = new SocketFlow(world, descriptor, remote, options);
            isOwned = true;
            return Prelude.Right<TcpError, IFlow>(flow);
        }
        catch (IOException)
        {
            return Failed(Errno.NoFiles, remote); // The kernel watches as many as it may.
        }
        finally
        {
            if (!isOwned)
                _ = Libc.Close(descriptor);
        }
    }

    public void Ready(DescriptorEvents events)
    {
        // A socket that has not begun to connect reports a hang-up; what counts is the answer to the handshake.
        if ((events & (DescriptorEvents.Writable | DescriptorEvents.Failed)) != 0)
            _ready.Wake();
    }

    private async ValueTask<int> Finish(SocketWorld world, int descriptor, CancellationToken cancellation)
    {
        using var watch = world.Driver.Watch(descriptor, this);
        await _ready.WaitAsync(cancellation);
        return KernelSocket.TakeError(descriptor);
    }

    private static unsafe int Begin(int descriptor, Endpoint remote)
    {
        var name = stackalloc byte[SocketName.LengthMax];
        var length = SocketName.Write(new(name, SocketName.LengthMax), SocketName.FamilyOf(remote.Address), remote);
        return Libc.Connect(descriptor, name, length) == 0 ? 0 : Errno.Last;
    }

    private static Either<TcpError, IFlow> Failed(int error, Endpoint remote) =>
        Prelude.Left<TcpError, IFlow>(SocketErrors.OfConnection(error, remote));
}
