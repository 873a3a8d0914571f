using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mirage.Unix.Tests;

/// <summary>One type booted on several queues of a TAP, with the kernel's stack as the peer.</summary>
public sealed class QueueTests
{
    private const int Terminate = 15, Connections = 60;
    private static readonly IPEndPoint s_guest = new(IPAddress.Parse("10.0.0.2"), QueueServer.Port);

    [RootFact]
    public void TwoQueues_CarryFlowsOfTheirOwn_BothWays() => PrivateNetwork.Run(static () =>
    {
        using var child = Start(2);
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Any, QueueServer.KernelPort));
        listener.Listen();
        PrivateNetwork.Ip("addr add 10.0.0.1/24 dev tap0");

        // What a stack opened itself comes back to it: it chose a port of its queue.
        var callers = AcceptAll(listener, 2);
        Assert.Equal(["0 from 0", "1 from 1"], callers.Order(StringComparer.Ordinal));
        // Every connection completes, whichever queue it is on, and each has some.
        var served = ConnectAtOnce();
        Assert.All(served, static queue => Assert.True(queue is "0" or "1", queue));
        Assert.Equal(2, served.Distinct().Count());
        Assert.Equal(2, AskByDatagrams().Distinct().Count());
        StopInOrder(child);
    });

    [RootFact]
    public void MoreQueuesThanMayBe_OrOfALinkThatHasOne_AreRefused() => PrivateNetwork.Run(static () =>
    {
        Assert.Contains(
            "--queues: 65 queues; write a number from 1 to 64.", Refusal("--interface=tap0", "--queues=65"));
        Assert.Contains("user: has one queue; leave --queues out, or name a TAP.", Refusal("--queues=2"));
        PrivateNetwork.Ip("tuntap add tap1 mode tap");
        Assert.Contains("tap1: ", Refusal("--interface=tap1", "--queues=2"));
    });

    private static Process Start(int queues)
    {
        var child = Child.Start("queues", "--interface=tap0", $"--queues={queues}", "--ipv4=10.0.0.2/24");
        var lines = Enumerable.Range(0, queues).Select(_ => child.StandardOutput.ReadLine());
        Assert.Equal(
            Enumerable.Range(0, queues).Select(static queue => $"ready on {queue}"),
            lines.Order(StringComparer.Ordinal).ToList());
        return child;
    }

    private static void StopInOrder(Process child)
    {
        Assert.Equal(0, Libc.Kill(child.Id, Terminate));
        Assert.Empty(child.StandardError.ReadToEnd());
        child.WaitForExit();
        Assert.Equal(ExitCode.Done, child.ExitCode);
    }

    private static string Refusal(params string[] arguments)
    {
        using var child = Child.Start(["queues", .. arguments]);
        var error = child.StandardError.ReadToEnd();
        child.WaitForExit();
        Assert.Equal(ExitCode.Unavailable, child.ExitCode);
        return error;
    }

    private static List<string> AcceptAll(Socket listener, int count) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        using var flow = listener.Accept();
        var port = ((IPEndPoint)flow.RemoteEndPoint!).Port;
        return $"{ReadAll(flow)} from {port % count}";
    })];

    private static List<string> ConnectAtOnce()
    {
        var sockets = Enumerable.Range(0, Connections)
            .Select(static _ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)).ToList();
        sockets.ForEach(static socket => socket.Connect(s_guest));
        return sockets.ConvertAll(static socket =>
        {
            using (socket)
                return ReadAll(socket);
        });
    }

    private static List<string> AskByDatagrams() => [.. Enumerable.Range(0, Connections).Select(static _ =>
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.ReceiveTimeout = 10_000;
        socket.Connect(s_guest);
        socket.Send("?"u8);
        var buffer = new byte[10];
        return Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer));
    })];

    private static string ReadAll(Socket socket)
    {
        socket.ReceiveTimeout = 10_000;
        var (buffer, length) = (new byte[10], 0);
        while (socket.Receive(buffer, length, buffer.Length - length, SocketFlags.None) is > 0 and var count)
            length += count;
        return Encoding.ASCII.GetString(buffer, 0, length);
    }
}
