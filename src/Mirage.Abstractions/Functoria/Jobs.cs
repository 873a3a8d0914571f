using static Mirage.Impl;

namespace Mirage;

/// <summary>Two jobs, one after the other; nest it for more. MirageOS's list of jobs in <c>register</c>.</summary>
/// <remarks>
/// The devices of both are connected before the first one starts, and are shared where they are of one type. The second
/// one is not started when the first one fails, nor after a request to stop.
/// </remarks>
/// <typeparam name="TFirst">What runs first.</typeparam>
/// <typeparam name="TSecond">What runs when the first is done.</typeparam>
public readonly struct Jobs<TFirst, TSecond> : IUnikernel<Jobs<TFirst, TSecond>>
    where TFirst : IUnikernel<TFirst>
    where TSecond : IUnikernel<TSecond>
{
    private readonly Core _core;

    private Jobs(Core core) => _core = core;

    /// <inheritdoc/>
    public static Impl<Jobs<TFirst, TSecond>> Impl =>
        (Of<TFirst>(), Of<TSecond>()).Apply(
            static (first, second) => new Jobs<TFirst, TSecond>(new Core(first, second)));

    /// <inheritdoc/>
    public static async ValueTask Start(Jobs<TFirst, TSecond> unikernel, CancellationToken stop)
    {
        await TFirst.Start(unikernel._core.First, stop);
        if (!stop.IsCancellationRequested)
            await TSecond.Start(unikernel._core.Second, stop);
    }

    private sealed record Core(TFirst First, TSecond Second);
}
