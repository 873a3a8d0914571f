using System.Buffers;
using static Mirage.Impl;

namespace Mirage.Tests;

public sealed class StackIfTests
{
    [Theory]
    [InlineData("A", "--sockets")]
    [InlineData("B")]
    public void ConditionByKey_ConnectsAndForwardsToTheOneChosen(string tag, params string[] args)
    {
        var booted = Booted.Run<Uses<StackIf<BySockets, FakeStack<A>, FakeStack<B>>>>(args);
        Assert.Equal([$"+{tag}", .. Enumerable.Repeat($"0.0.0.{(int)tag[0]}", 5), $"-{tag}"], booted.Lines);
    }

    [Fact]
    public void ConditionByKey_LetsTheParserKnowTheKeysOfBoth()
    {
        Assert.Equal(
            ExitCode.Done,
            Booted.Run<Uses<StackIf<BySockets, FakeStack<A>, FakeStack<B>>>>("--key-of-a", "--key-of-b").Code);
    }

    [Fact]
    public void ConstantCondition_HasNoChoiceInTheGraph()
    {
        Assert.Equal(["Uses", "StackIf", "FakeStack", "Part", "--key-of-a=false (default)"],
            Booted.Run<Uses<StackIf<Always, FakeStack<A>, FakeStack<B>>>>("--describe")
                .Lines.Select(static line => line.Trim()));
        Assert.Equal("+B", Booted.Run<Uses<StackIf<Never, FakeStack<A>, FakeStack<B>>>>().Lines[0]);
    }

    [Fact]
    public void ConstantCondition_LeavesTheKeysOfTheOtherOut()
    {
        Assert.Equal(
            ExitCode.BadArgument, Booted.Run<Uses<StackIf<Always, FakeStack<A>, FakeStack<B>>>>("--key-of-b").Code);
    }

    private readonly struct BySockets : ICondition
    {
        private static readonly Key<bool> s_sockets = Key.Flag("sockets", "Use the kernel's stack.");

        public static Impl<bool> Value => s_sockets;
    }

    private readonly struct Always : ICondition
    {
        public static bool? Constant => true;
    }

    private readonly struct Never : ICondition
    {
        public static bool? Constant => false;
    }

    private readonly struct Handler : IDatagramHandler
    {
        public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload) { }

        public void Unreachable(Endpoint destination, IcmpUnreachable reason) { }

        public void Closed() { }
    }

    private readonly struct Uses<TStack> : IUnikernel<Uses<TStack>> where TStack : struct, IStack<TStack>
    {
        private readonly Core _core;

        private Uses(Core core) => _core = core;

        public static Impl<Uses<TStack>> Impl => (Of<TStack>(), BootHost)
            .Apply(static (stack, host) => new Uses<TStack>(new Core(stack, host)));

        public static async ValueTask Start(Uses<TStack> unikernel, CancellationToken stop)
        {
            var (stack, host) = unikernel._core;
            host.Out.WriteLine(TStack.Addresses(stack)[0].Address);
            host.Out.WriteLine((await TStack.Connect(stack, default, stop)).Match(static _ => default, NoRoute));
            host.Out.WriteLine(TStack.Listen(stack, 1).Match(static _ => default, NoRoute));
            host.Out.WriteLine(TStack.Bind(stack, 1, default(Handler)).Match(static _ => default, NoRoute));
            host.Out.WriteLine(
                TStack.Write(stack, null!, default, ReadOnlySequence<byte>.Empty).Match(static _ => default, NoRoute));
        }

        private static IpAddress NoRoute(TcpError error) => ((TcpError.NoRoute)error).Destination;

        private static IpAddress NoRoute(UdpError error) => ((UdpError.NoRoute)error).Destination;

        private sealed record Core(TStack Stack, Host Host);
    }
}
