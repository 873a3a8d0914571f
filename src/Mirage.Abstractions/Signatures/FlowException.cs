namespace Mirage;

/// <summary>How the pipes of a flow fail: the connection broke.</summary>
public sealed class FlowException : IOException
{
    /// <summary>A failure for that reason.</summary>
    public FlowException(TcpError error) : base(error?.ToString())
    {
        ArgumentNullException.ThrowIfNull(error);
        Error = error;
    }

    /// <summary>Why the connection broke.</summary>
    public TcpError Error { get; }
}
