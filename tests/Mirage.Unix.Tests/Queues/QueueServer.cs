using System.Buffers;
using System.Text;
using Mirage.Net;

namespace Mirage.Unix.Tests;

/// <summary>Says to each client, over TCP and UDP, on which queue it was served, and calls a server of the kernel's
/// from each queue.</summary>
internal sealed class QueueServer(Host host, TcpIp<Netif> stack) : IUnikernel<QueueServer>
{
    public const ushort Port = 80, KernelPort = 9000;
    private static readonly Endpoint s_kernel = new(IpAddress.Parse("10.0.0.1"), KernelPort);

    private int Queue => ((UnixHost)host).Queue;

    public static Impl<QueueServer> Impl => (Mirage.Impl.BootHost, Mirage.Impl.Of<TcpIp<Netif>>())
        .Apply(static (host, stack) => new QueueServer(host, stack));

    public static async ValueTask Start(QueueServer unikernel, CancellationToken stop)
    {
        try
        {
            await unikernel.Serve(stop);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task Serve(CancellationToken stop)
    {
        await using var listener = SocketPair.Right(TcpIp<Netif>.Listen(stack, Port));
        using var socket = SocketPair.Right(UdpSocket<TcpIp<Netif>>.Open(host, stack, Port));
        await host.Out.WriteLineAsync($"ready on {Queue}");
        _ = Answer(socket, stop);
        _ = Call(stop);
        while (true)
            (await listener.Accept(stop)).IfRight(flow => { _ = Greet(flow); });
    }

    private async Task Greet(IFlow flow)
    {
        await flow.Output.WriteAsync(Encoding.ASCII.GetBytes($"{Queue}"));
        await flow.Output.CompleteAsync();
        await flow.Input.CopyToAsync(Stream.Null);
        await flow.DisposeAsync();
    }

    private async Task Answer(UdpSocket<TcpIp<Netif>> socket, CancellationToken stop)
    {
        var buffer = new byte[100];
        while ((await socket.ReceiveAsync(buffer, stop)).Case is UdpReceived received)
            socket.Send(received.Source, new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes($"{Queue}")));
    }

    private async Task Call(CancellationToken stop)
    {
        while (true)
        {
            var answer = await TcpIp<Netif>.Connect(stack, s_kernel, stop);
            if (answer.Case is not IFlow flow)
                continue; // The kernel has no address yet.
            await Greet(flow);
            return;
        }
    }
}
