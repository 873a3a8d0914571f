namespace Mirage.Testing;

/// <summary>A power cut can leave a disk that its check rejects.</summary>
public sealed class CrashException : Exception
{
    internal CrashException(CrashFailure failure) : base(failure.ToString()) => Failure = failure;

    /// <summary>The outcome, and how it came to be.</summary>
    public CrashFailure Failure { get; }
}
