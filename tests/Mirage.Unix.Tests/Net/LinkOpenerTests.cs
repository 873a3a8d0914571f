using Mirage.Net;
namespace Mirage.Unix.Tests;

public sealed class LinkOpenerTests
{
    [Theory]
    [InlineData("")]
    [InlineData("a name with spaces")]
    [InlineData("sixteen-letters-")]
    [InlineData("../../etc")]
    [InlineData("tap%d")]
    public void BadName_IsNamed(string name) => AssertRefused(name, "is no name of an interface", "--interface=tap0");

    [Theory]
    [InlineData("fd:", "is no descriptor")]
    [InlineData("fd:-1", "is no descriptor")]
    [InlineData("fd:three", "is no descriptor")]
    [InlineData("fd:1000000", "no such descriptor is open")]
    public void BadDescriptor_IsNamed(string name, string reason) => AssertRefused(name, reason, "");

    [Fact]
    public void FileDescriptor_IsRefusedWithWhatToPass()
    {
        using var file = File.OpenHandle(typeof(LinkOpenerTests).Assembly.Location);
        AssertRefused($"fd:{file.DangerousGetHandle()}", "neither a TAP nor a socket", "SOCK_SEQPACKET");
    }

    [Fact]
    public void StreamSocket_IsRefused()
    {
        var (near, far) = TestLibc.PacketPair(Libc.SocketStream);
        AssertRefused($"fd:{near}", "carries no Ethernet frames", "SOCK_SEQPACKET");
        _ = Libc.Close(near);
        _ = Libc.Close(far);
    }

    [Theory]
    [InlineData(Libc.SocketSequenced)]
    [InlineData(Libc.SocketDatagram)]
    public void PacketSocket_IsALink(int type)
    {
        using var host = new UnixHost();
        var (near, far) = TestLibc.PacketPair(type);
        var link = (Link)LinkOpener.Open(host, Settings($"fd:{near}"));
        Assert.Equal(new NetworkInfo(link.Info.Mac, 1500), link.Info);
        Assert.False(link.Info.Mac.IsGroup);
        var log = new FrameRecorder.Log();
        link.Listen(FrameSink.Of(new FrameRecorder(log)));
        TestLibc.Write(far, [1, 2, 3]);
        host.Loop.Run(async () =>
        {
            await log.Arrived.Task;
            await link.Close();
            return 0;
        });
        Assert.Equal([1, 2, 3], log.Frames.Single().Bytes);
        _ = Libc.Close(far);
    }

    [Fact]
    public void GroupMac_IsRefused()
    {
        using var host = new UnixHost();
        var error = (ConnectError)LinkOpener.Open(host, Settings("fd:0") with { Mac = MacAddress.Broadcast });
        Assert.Contains("group", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void OnePortThatLeadsToTwo_IsRefused()
    {
        using var host = new UnixHost();
        PortForward[] forwards = [new(8080, 80), new(8080, 80), new(8080, 81)];
        var error = (ConnectError)LinkOpener.Open(host, Settings("user") with { Forwards = forwards });
        Assert.Contains("port 8080 of this machine would lead to 80 and 81", error.Reason, StringComparison.Ordinal);
    }

    private static LinkSettings Settings(string name) => new(name, LanguageExt.Option<MacAddress>.None, default, []);

    private static void AssertRefused(string name, string reason, string remedy)
    {
        using var host = new UnixHost();
        var error = (ConnectError)LinkOpener.Open(host, Settings(name));
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Remedy, StringComparison.Ordinal);
    }
}
