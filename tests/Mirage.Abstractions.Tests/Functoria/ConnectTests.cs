using LanguageExt;
using Mirage.Testing;

namespace Mirage.Tests;

/// <summary>One device connected outside a unikernel.</summary>
public sealed class ConnectTests
{
    [Fact]
    public void Device_ConnectsWithWhatItNeeds_AndDisconnectsInReverse()
    {
        using var host = new SimHost();
        host.Run(async () =>
        {
            var connected = Right(await Boot.Connect<Over<A, Over<B, Part<C>>>>(host, []));
            await connected.Disconnect();
            await connected.Disconnect();
        });
        Assert.Equal(["+C", "+B", "+A", "-A", "-B", "-C"], Lines(host));
    }

    [Fact]
    public void DeviceBelow_Refuses_WhatIsConnectedIsReleasedAndTheErrorHasThePath()
    {
        using var host = new SimHost();
        var error = host.Run(async () => Left(await Boot.Connect<Two<Part<A>, Refusing>>(host, [])));
        Assert.Equal(new ConnectError(
            "Two → Refusing: tap0: permission denied", "run as root or leave --interface out"), error);
        Assert.Equal(["+A", "-A"], Lines(host));
    }

    [Fact]
    public void DeviceBelow_Throws_WhatIsConnectedIsReleased()
    {
        using var host = new SimHost();
        Assert.Throws<IOException>(() => host.Run(async () => await Boot.Connect<Two<Part<A>, Throwing>>(host, [])));
        Assert.Equal(["+A", "-A"], Lines(host));
    }

    [Theory]
    [InlineData("--size is required: give --size=NUMBER or set MIRAGE_SIZE (expected ")]
    [InlineData("--size: expected ", "--size=x")]
    [InlineData("--other", "--size=1", "--other=2")]
    public void Arguments_ThatAreMissingOrWrong_AreAnErrorAndNothingIsConnected(string reason, params string[] args)
    {
        using var host = new SimHost();
        var error = host.Run(async () => Left(await Boot.Connect<Two<Part<A>, Sized>>(host, args)));
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
        Assert.Empty(host.Output);
    }

    [Fact]
    public void DevicesThatNeedEachOther_AreAMistakeOfTheCaller()
    {
        using var host = new SimHost();
        Assert.Throws<InvalidOperationException>(
            () => host.Run(async () => await Boot.Connect<Circular>(host, [])));
    }

    private static string[] Lines(SimHost host) => host.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static T Right<T>(Either<ConnectError, T> outcome) => outcome.RightToList().Single();

    private static ConnectError Left<T>(Either<ConnectError, T> outcome) => outcome.LeftToList().Single();

    private readonly struct Two<TFirst, TSecond> : IDevice<Two<TFirst, TSecond>>
        where TFirst : struct, IDevice<TFirst>
        where TSecond : struct, IDevice<TSecond>
    {
        public static Impl<Two<TFirst, TSecond>> Impl => (Mirage.Impl.Of<TFirst>(), Mirage.Impl.Of<TSecond>()).Apply(
            static (_, _) => default(Two<TFirst, TSecond>));
    }

    private readonly struct Sized : IDevice<Sized>
    {
        private static readonly Key<int> s_size = Key.Required<int>("size", "How large.");

        public static Impl<Sized> Impl => s_size.Map(static _ => default(Sized));
    }

    private readonly struct Circular : IDevice<Circular>
    {
        public static Impl<Circular> Impl => Mirage.Impl.Of<Circular>();
    }
}
