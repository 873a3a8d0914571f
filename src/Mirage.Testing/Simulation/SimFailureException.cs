namespace Mirage.Testing;

/// <summary>A simulated run went wrong: a machine failed, something that must hold did not, or nothing went
/// on.</summary>
public sealed class SimFailureException : Exception
{
    /// <summary>A failure with its reason, in one sentence.</summary>
    public SimFailureException(string message) : base(message) { }

    internal SimFailureException(string message, Exception? inner) : base(message, inner) { }
}
