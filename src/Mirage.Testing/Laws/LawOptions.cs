using System.Runtime.CompilerServices;

namespace Mirage.Testing;

/// <summary>How much a law tries, and how long it may take.</summary>
/// <remarks><see cref="Timeout.InfiniteTimeSpan"/> is no limit.</remarks>
public sealed record LawOptions
{
    /// <summary>What a suite has unless it says otherwise.</summary>
    public static LawOptions Default { get; } = new();

    /// <summary>How many cases a law tries.</summary>
    public int Cases { get; init; } = 100;

    /// <summary>The largest size of a case: about as many operations as its list has at most.</summary>
    public int Size { get; init; } = 40;

    /// <summary>How many smaller cases are tried to make a failure readable.</summary>
    public int Shrinks { get; init; } = 1000;

    /// <summary>What the seeds of all cases follow from.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How long a law may take, in real time. One that has found no failure by then fails for that; one that
    /// has reports what it has.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long one case may take, in real time: what a device that blocks its thread is given.</summary>
    public TimeSpan CaseLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one operation may take, in the host's time: what an answer that comes late is given.</summary>
    public TimeSpan OperationLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The limit, or one that nothing reaches when it is none.</summary>
    internal static TimeSpan Within(TimeSpan limit) => limit == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : limit;

    /// <summary>Refuses what no law can be tried with.</summary>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Cases, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Size);
        ArgumentOutOfRangeException.ThrowIfNegative(Shrinks);
        ValidateLimit(Limit);
        ValidateLimit(CaseLimit);
        ValidateLimit(OperationLimit);
    }

    private static void ValidateLimit(
        TimeSpan limit, [CallerArgumentExpression(nameof(limit))] string option = "") =>
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Within(limit), TimeSpan.Zero, option);
}
