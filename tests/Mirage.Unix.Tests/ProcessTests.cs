using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Mirage.Unix.Tests;

/// <summary>Whole unikernels as processes, seen from outside.</summary>
public sealed class ProcessTests
{
    private const int Terminate = 15;

    [Theory]
    [InlineData("serve")]
    [InlineData("serve-by-socket")]
    public async Task Server_OnEitherStack_EchoesAndStopsInOrder(string name)
    {
        var port = UserWorld.FreePort();
        using var child = Child.Start(name, $"--port={port}");
        Assert.Equal($"127.0.0.1:{port}", await child.StandardOutput.ReadLineAsync());
        await AssertEcho(port);
        await StopInOrder(child);
    }

    [Fact]
    public async Task Server_WithForward_IsReachedThere()
    {
        var port = UserWorld.FreePort();
        using var child = Child.Start("serve", "--ipv4=192.168.9.1/24", $"--forward={port}:7");
        Assert.Equal($"127.0.0.1:{port}", await child.StandardOutput.ReadLineAsync());
        await AssertEcho(port);
        await StopInOrder(child);
    }

    [Fact]
    public async Task Server_OnATakenPort_SaysSo()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var child = Child.Start("serve", $"--port={port}");
        Assert.Equal($"127.0.0.1:{port} is in use by another program", await child.StandardOutput.ReadLineAsync());
        await child.WaitForExitAsync();
        Assert.Equal(ExitCode.Done, child.ExitCode);
    }

    [Fact]
    public async Task Server_OnABadLink_EndsWithOneSentence()
    {
        using var child = Child.Start("serve", "--interface=no/interface");
        var sentence = await child.StandardError.ReadToEndAsync();
        Assert.EndsWith(
            "Netif: 'no/interface' is no name of an interface; "
            + "write --interface=tap0, --interface=fd:3 or --interface=user.\n",
            sentence, StringComparison.Ordinal);
        await child.WaitForExitAsync();
        Assert.Equal(ExitCode.Unavailable, child.ExitCode);
    }

    [RootFact]
    public async Task Server_OnATapWithoutTheRight_SaysWhatToDo()
    {
        using var child = Child.StartAsNobody("serve", "--interface=tap0");
        var sentence = await child.StandardError.ReadToEndAsync();
        Assert.Contains("Netif: tap0: permission denied; run as root", sentence, StringComparison.Ordinal);
        await child.WaitForExitAsync();
        Assert.Equal(ExitCode.Unavailable, child.ExitCode);
    }

    [Fact]
    public async Task NoDescriptorLeft_Accept_WaitsWithoutSpinning()
    {
        using var child = Child.Start("exhaust");
        var end = IPEndPoint.Parse((await child.StandardOutput.ReadLineAsync())!);
        using var client = new TcpClient();
        await client.ConnectAsync(end);
        Assert.Equal("waited: True, calm: True", await child.StandardOutput.ReadLineAsync());
        await child.WaitForExitAsync();
        Assert.Equal(ExitCode.Done, child.ExitCode);
    }

    private static async Task AssertEcho(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = client.GetStream();
        await stream.WriteAsync("hello"u8.ToArray());
        client.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream);
        Assert.Equal("hello", await reader.ReadToEndAsync());
    }

    private static async Task StopInOrder(Process child)
    {
        Assert.Equal(0, Libc.Kill(child.Id, Terminate));
        await child.WaitForExitAsync();
        Assert.Empty(await child.StandardError.ReadToEndAsync());
        Assert.Equal(ExitCode.Done, child.ExitCode);
    }
}
