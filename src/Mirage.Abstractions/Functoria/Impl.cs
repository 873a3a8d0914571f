using LanguageExt;

namespace Mirage;

/// <summary>Values that say how devices are made.</summary>
public static class Impl
{
    /// <summary>The host that the boot runs on.</summary>
    public static Impl<Host> BootHost { get; } = new Application<Host>([], static boot => new(boot.Host));

    /// <summary>The device of that type; every mention of one closed type in a boot is the same device.</summary>
    public static Impl<T> Of<T>() where T : IDevice<T> => new DeviceNode<T>();

    /// <summary>A value that needs nothing.</summary>
    public static Impl<T> Pure<T>(T value) => new Application<T>([], _ => new(value));

    /// <summary>One of two, chosen by a value known at boot; the other one is not connected.</summary>
    public static Impl<T> If<T>(Impl<bool> condition, Impl<T> then, Impl<T> otherwise)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return new Application<T>([condition, then, otherwise],
            async boot => await condition.Make(boot) ? await then.Make(boot) : await otherwise.Make(boot));
    }

    /// <summary>Applies a pure function to two values.</summary>
    public static Impl<TResult> Apply<TA, TB, TResult>(this (Impl<TA> A, Impl<TB> B) needs, Func<TA, TB, TResult> make) =>
        new Application<TResult>([needs.A, needs.B], async boot => make(await needs.A.Make(boot), await needs.B.Make(boot)));

    /// <summary>Applies a pure function to three values.</summary>
    public static Impl<TResult> Apply<TA, TB, TC, TResult>(
        this (Impl<TA> A, Impl<TB> B, Impl<TC> C) needs, Func<TA, TB, TC, TResult> make) =>
        new Application<TResult>([needs.A, needs.B, needs.C],
            async boot => make(await needs.A.Make(boot), await needs.B.Make(boot), await needs.C.Make(boot)));

    /// <summary>Applies a pure function to four values.</summary>
    public static Impl<TResult> Apply<TA, TB, TC, TD, TResult>(
        this (Impl<TA> A, Impl<TB> B, Impl<TC> C, Impl<TD> D) needs, Func<TA, TB, TC, TD, TResult> make) =>
        new Application<TResult>([needs.A, needs.B, needs.C, needs.D],
            async boot => make(
                await needs.A.Make(boot), await needs.B.Make(boot), await needs.C.Make(boot), await needs.D.Make(boot)));

    /// <summary>Applies a pure function to five values.</summary>
    public static Impl<TResult> Apply<TA, TB, TC, TD, TE, TResult>(
        this (Impl<TA> A, Impl<TB> B, Impl<TC> C, Impl<TD> D, Impl<TE> E) needs, Func<TA, TB, TC, TD, TE, TResult> make) =>
        new Application<TResult>([needs.A, needs.B, needs.C, needs.D, needs.E],
            async boot => make(await needs.A.Make(boot), await needs.B.Make(boot), await needs.C.Make(boot),
                await needs.D.Make(boot), await needs.E.Make(boot)));

    /// <summary>
    /// Connects what a value describes: <paramref name="needs"/> gives the connecting, which may wait, and may fail with a
    /// sentence for the user. Used after Map or Apply: <c>(Of&lt;A&gt;(), key).Apply(Open).Connect()</c>.
    /// </summary>
    public static Impl<T> Connect<T>(this Impl<ValueTask<Either<ConnectError, T>>> needs)
    {
        ArgumentNullException.ThrowIfNull(needs);
        return new Application<T>([needs], async boot => (await await needs.Make(boot))
            .IfLeft(static error => throw new ConnectException(error)));
    }
}
