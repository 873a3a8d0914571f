namespace Mirage.Interop;

public sealed class HelpersTests
{
    [Fact]
    public void Requirement_ThatNoMachineMeets_IsNamed() =>
        Assert.Equal("needs no-such-program", Requirements.Missing("linux, no-such-program"));

    [Fact]
    public void Requirements_ThatAreMet_GiveNoReason() => Assert.Null(Requirements.Missing("linux,bash"));

    [InteropFact(Needs = "root,tun,ip")]
    public void Namespace_WithATap_IsGoneAfterwards()
    {
        string name;
        using (var network = new Namespace())
        {
            name = network.Name;
            var tap = new Tap(network, "tap7", "10.9.0.1/24");
            Assert.Contains("10.9.0.1/24", tap.Addresses(network), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(name, Sh.Must("ip netns list"), StringComparison.Ordinal);
    }

    [InteropFact(Needs = "linux")]
    public async Task Hello_ToItsEnd_SaysHelloAndExitsWithZero()
    {
        using var hello = UnikernelProcess.Start("Hello", "");
        await hello.WaitFor("hello");
        Assert.Equal(0, await hello.Exit());
    }

    [InteropFact(Needs = "linux")]
    public async Task Hello_Sigterm_EndsInOrder()
    {
        using var hello = UnikernelProcess.Start("Hello", "");
        await hello.WaitFor("hello");
        hello.Terminate();
        Assert.Equal(0, await hello.Exit());
        Assert.Single(hello.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
