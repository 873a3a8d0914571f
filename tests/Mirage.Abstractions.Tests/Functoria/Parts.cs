using LanguageExt;
using static Mirage.Impl;

namespace Mirage.Tests;

internal interface ITag
{
    static abstract string Name { get; }
}

internal readonly struct A : ITag
{
    public static string Name => "A";
}

internal readonly struct B : ITag
{
    public static string Name => "B";
}

internal readonly struct C : ITag
{
    public static string Name => "C";
}

internal readonly struct Management : IGroup
{
    public static string Name => "management";
}

/// <summary>A device that says when it is connected and disconnected.</summary>
internal readonly struct Part<TTag> : IDevice<Part<TTag>> where TTag : struct, ITag
{
    private readonly Host _host;

    private Part(Host host) => _host = host;

    public static Impl<Part<TTag>> Impl => BootHost.Map(static host =>
    {
        host.Out.WriteLine($"+{TTag.Name}");
        return new Part<TTag>(host);
    });

    public static ValueTask Disconnect(Part<TTag> device)
    {
        device._host.Out.WriteLine($"-{TTag.Name}");
        return ValueTask.CompletedTask;
    }
}

/// <summary>A device made from another one, after a second of connecting.</summary>
internal readonly struct Over<TTag, TBelow> : IDevice<Over<TTag, TBelow>>
    where TTag : struct, ITag
    where TBelow : struct, IDevice<TBelow>
{
    private readonly Host _host;

    private Over(Host host) => _host = host;

    public static Impl<Over<TTag, TBelow>> Impl =>
        (Of<TBelow>(), BootHost).Apply(static (_, host) => Open(host)).Connect();

    public static ValueTask Disconnect(Over<TTag, TBelow> device)
    {
        device._host.Out.WriteLine($"-{TTag.Name}");
        return ValueTask.CompletedTask;
    }

    private static async ValueTask<Either<ConnectError, Over<TTag, TBelow>>> Open(Host host)
    {
        await Task.Delay(TimeSpan.FromSeconds(1), host.Time);
        host.Out.WriteLine($"+{TTag.Name}");
        return new Over<TTag, TBelow>(host);
    }
}

/// <summary>A device that cannot be connected.</summary>
internal readonly struct Refusing : IDevice<Refusing>
{
    public static Impl<Refusing> Impl => Pure(new ValueTask<Either<ConnectError, Refusing>>(
        new ConnectError("tap0: permission denied", "run as root or leave --interface out"))).Connect();
}

/// <summary>A device whose connecting throws.</summary>
internal readonly struct Throwing : IDevice<Throwing>
{
    public static Impl<Throwing> Impl => Pure(0).Map(static Throwing (_) => throw new IOException("no such link"));
}

/// <summary>A device whose disconnecting throws.</summary>
internal readonly struct Clinging : IDevice<Clinging>
{
    public static Impl<Clinging> Impl => Pure(default(Clinging));

    public static ValueTask Disconnect(Clinging device) => throw new InvalidOperationException("held");
}

/// <summary>A device whose disconnecting does not end.</summary>
internal readonly struct Hanging : IDevice<Hanging>
{
    public static Impl<Hanging> Impl => Pure(default(Hanging));

    public static ValueTask Disconnect(Hanging device) => new(new TaskCompletionSource().Task);
}

/// <summary>A unikernel that needs two devices and says that it ran.</summary>
internal readonly struct Runs<TFirst, TSecond> : IUnikernel<Runs<TFirst, TSecond>>
    where TFirst : struct, IDevice<TFirst>
    where TSecond : struct, IDevice<TSecond>
{
    private readonly Host _host;

    private Runs(Host host) => _host = host;

    public static Impl<Runs<TFirst, TSecond>> Impl => (Of<TFirst>(), Of<TSecond>(), BootHost).Apply(
        static (_, _, host) => new Runs<TFirst, TSecond>(host));

    public static ValueTask Start(Runs<TFirst, TSecond> unikernel, CancellationToken stop)
    {
        unikernel._host.Out.WriteLine("run");
        return ValueTask.CompletedTask;
    }
}
