namespace Mirage.Testing;

/// <summary>A simulated run went wrong: a machine failed, something that must hold did not, or nothing went
/// on.</summary>
public sealed class SimFailureException : Exception
{
    /// <summary>A failure with its reason, in one sentence.</summary>
    public SimFailureException(string message) : base(message) { }

    internal SimFailureException(SimFailureKind kind, string message, Exception? inner = null)
        : base(message, inner) => Kind = kind;

    internal SimFailureException(string message, Exception? inner) : base(message, inner) { }

    internal SimFailureKind Kind { get; }

    /// <summary>Whether two failures are likely to be one: of one kind, by one type of exception.</summary>
    internal static bool IsSame(Exception? one, Exception? other) =>
        one?.GetType() == other?.GetType()
        && one?.InnerException?.GetType() == other?.InnerException?.GetType()
        && (one as SimFailureException)?.Kind == (other as SimFailureException)?.Kind;
}
