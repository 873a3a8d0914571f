using LanguageExt;

namespace Mirage;

/// <summary>Values that say how devices are made.</summary>
public static class Impl
{
    /// <summary>The host that the boot runs on.</summary>
    public static Impl<Host> BootHost { get; } = new Application<Host>([], static connector => new(connector.Host));

    /// <summary>The device of that type; every mention of one closed type in a boot is the same device.</summary>
    public static Impl<T> Of<T>() where T : IDevice<T> => new DeviceNode<T>();

    /// <summary>A value that needs nothing.</summary>
    public static Impl<T> Pure<T>(T value) => new Application<T>([], _ => new(value));

    /// <summary>One of two, chosen by keys: MirageOS's <c>if_impl</c>. The other one is not connected.</summary>
    /// <param name="condition">Made from keys only, so that help and descriptions can tell the branch.</param>
    /// <param name="then">What <c>true</c> gives.</param>
    /// <param name="otherwise">What <c>false</c> gives.</param>
    public static Impl<T> If<T>(Impl<bool> condition, Impl<T> then, Impl<T> otherwise)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return new ChoiceNode<T>(condition.Map(static holds => holds ? 0 : 1), [("true", then), ("false", otherwise)]);
    }

    /// <summary>One of several, chosen by keys: MirageOS's <c>match_impl</c>. The others are not connected.</summary>
    /// <param name="value">Made from keys only, so that help and descriptions can tell the branch.</param>
    /// <param name="otherwise">What a value without a case gives.</param>
    /// <param name="cases">The values, and what each gives; the first equal one counts.</param>
    public static Impl<T> Match<TValue, T>(
        Impl<TValue> value, Impl<T> otherwise, params (TValue Value, Impl<T> Branch)[] cases)
    {
        ArgumentNullException.ThrowIfNull(value);
        var selector = value.Map(given =>
        {
            var index = Array.FindIndex(cases, item => EqualityComparer<TValue>.Default.Equals(item.Value, given));
            return index < 0 ? cases.Length : index;
        });
        var branches = cases.Select(static item => (item.Value?.ToString() ?? "null", item.Branch));
        return new ChoiceNode<T>(selector, [.. branches, ("otherwise", otherwise)]);
    }

    /// <summary>Applies a pure function to two values.</summary>
    public static Impl<TResult> Apply<TA, TB, TResult>(
        this (Impl<TA> A, Impl<TB> B) needs, Func<TA, TB, TResult> make) =>
        new Application<TResult>([needs.A, needs.B], async connector => make(
            await needs.A.Make(connector), await needs.B.Make(connector)));

    /// <summary>Applies a pure function to three values.</summary>
    public static Impl<TResult> Apply<TA, TB, TC, TResult>(
        this (Impl<TA> A, Impl<TB> B, Impl<TC> C) needs, Func<TA, TB, TC, TResult> make) =>
        new Application<TResult>([needs.A, needs.B, needs.C], async connector => make(
            await needs.A.Make(connector), await needs.B.Make(connector), await needs.C.Make(connector)));

    /// <summary>Applies a pure function to four values.</summary>
    public static Impl<TResult> Apply<TA, TB, TC, TD, TResult>(
        this (Impl<TA> A, Impl<TB> B, Impl<TC> C, Impl<TD> D) needs, Func<TA, TB, TC, TD, TResult> make) =>
        new Application<TResult>([needs.A, needs.B, needs.C, needs.D], async connector => make(
            await needs.A.Make(connector), await needs.B.Make(connector), await needs.C.Make(connector),
            await needs.D.Make(connector)));

    /// <summary>Applies a pure function to five values.</summary>
    public static Impl<TResult> Apply<TA, TB, TC, TD, TE, TResult>(
        this (Impl<TA> A, Impl<TB> B, Impl<TC> C, Impl<TD> D, Impl<TE> E) needs,
        Func<TA, TB, TC, TD, TE, TResult> make) =>
        new Application<TResult>([needs.A, needs.B, needs.C, needs.D, needs.E], async connector => make(
            await needs.A.Make(connector), await needs.B.Make(connector), await needs.C.Make(connector),
            await needs.D.Make(connector), await needs.E.Make(connector)));

    /// <summary>Applies a pure function to six values.</summary>
    public static Impl<TResult> Apply<TA, TB, TC, TD, TE, TF, TResult>(
        this (Impl<TA> A, Impl<TB> B, Impl<TC> C, Impl<TD> D, Impl<TE> E, Impl<TF> F) needs,
        Func<TA, TB, TC, TD, TE, TF, TResult> make) =>
        new Application<TResult>([needs.A, needs.B, needs.C, needs.D, needs.E, needs.F], async connector => make(
            await needs.A.Make(connector), await needs.B.Make(connector), await needs.C.Make(connector),
            await needs.D.Make(connector), await needs.E.Make(connector), await needs.F.Make(connector)));

    /// <summary>
    /// Connects what a value describes: <paramref name="needs"/> gives the connecting, which may wait, and may fail
    /// with a sentence for the user. Used after Map or Apply: <c>(Of&lt;A&gt;(), key).Apply(Open).Connect()</c>.
    /// </summary>
    public static Impl<T> Connect<T>(this Impl<ValueTask<Either<ConnectError, T>>> needs)
    {
        ArgumentNullException.ThrowIfNull(needs);
        return new ConnectNode<T>(needs);
    }
}
