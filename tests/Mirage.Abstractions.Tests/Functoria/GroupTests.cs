using static Mirage.Impl;

namespace Mirage.Tests;

public sealed class GroupTests
{
    [Fact]
    public void KeyOfADeviceInAGroup_HasItsPrefix()
    {
        var booted = Booted.Run<Two>("--interface=tap0", "--management-interface=tap1");
        Assert.Equal(["Link tap0", "Link(management) tap1"], booted.Lines);
    }

    [Fact]
    public void EnvironmentOfADeviceInAGroup_HasItsPrefix()
    {
        var booted = Booted.Run<Two>(
            static host => host.SetEnvironmentVariable("MIRAGE_MANAGEMENT_INTERFACE", "tap7"), []);
        Assert.Equal(["Link tap9", "Link(management) tap7"], booted.Lines);
    }

    [Fact]
    public void BuildValueOfADeviceInAGroup_HasItsPrefix()
    {
        var booted = Booted.Run<Two>(new Dictionary<string, string> { ["management-interface"] = "tap8" }, []);
        Assert.Equal(["Link tap9", "Link(management) tap8"], booted.Lines);
    }

    [Fact]
    public void FunctorThatPassesItsGroupOn_HasThePrefixToo()
    {
        Assert.Contains(
            "--management-mtu=1400 (argument)", Booted.Run<Two>("--management-mtu=1400", "--describe").Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void KeyPutInAGroup_HasThatPrefixEverywhere()
    {
        var booted = Booted.Run<Two>("--trace", "--describe");
        Assert.Equal(2, booted.Lines.Count(static line => line.Trim() == "--trace=true (argument)"));
    }

    [Fact]
    public void Help_OfAGroup_HasItsOwnSection()
    {
        var output = Booted.Run<Two>("--help").Output;
        Assert.Contains("\nNETWORK\n       --interface=TEXT (default tap9)\n", output, StringComparison.Ordinal);
        Assert.Contains(
            "\nMANAGEMENT NETWORK\n       --management-interface=TEXT (default tap9)\n", output,
            StringComparison.Ordinal);
        Assert.Contains("MIRAGE_MANAGEMENT_INTERFACE.", output, StringComparison.Ordinal);
    }

    [Fact]
    public void FailureInAGroup_NamesTheGroup()
    {
        Assert.Equal(
            ["Two → Stack(management) → Link(management): InvalidOperationException: bad link"],
            Booted.Run<Two>("--management-interface=bad").Errors);
    }

    private readonly struct Main : IGroup
    {
        public static string Name => "";
    }

    private readonly struct Link<TGroup> : IDevice<Link<TGroup>> where TGroup : struct, IGroup
    {
        private static readonly Key<string> s_interface = Key.Optional(
            "interface", "tap9", "The link to open.", section: "NETWORK");
        private static readonly Key<bool> s_trace = Key.Flag("trace", "Show every frame of every link.").In("");

        public static Impl<Link<TGroup>> Impl => (s_interface, s_trace, BootHost).Apply(static (name, _, host) =>
        {
            if (name == "bad")
                throw new InvalidOperationException("bad link");
            host.Out.WriteLine($"{GraphDevice.NameOf(typeof(Link<TGroup>), Group)} {name}");
            return default(Link<TGroup>);
        });

        public static string Group => TGroup.Name;
    }

    private readonly struct Stack<TLink> : IDevice<Stack<TLink>> where TLink : struct, IDevice<TLink>
    {
        private static readonly Key<int> s_mtu = Key.Optional("mtu", 1500, "The longest packet.", section: "NETWORK");

        public static Impl<Stack<TLink>> Impl => (Of<TLink>(), s_mtu).Apply(static (_, _) => default(Stack<TLink>));

        public static string Group => TLink.Group;
    }

    private readonly struct Two : IUnikernel<Two>
    {
        public static Impl<Two> Impl =>
            (Of<Stack<Link<Main>>>(), Of<Stack<Link<Management>>>()).Apply(static (_, _) => default(Two));

        public static ValueTask Start(Two unikernel, CancellationToken stop) => ValueTask.CompletedTask;
    }
}
