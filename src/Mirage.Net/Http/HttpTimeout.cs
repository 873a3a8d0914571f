namespace Mirage.Net;

/// <summary>What the passing of a deadline asks for.</summary>
internal enum HttpTimeout
{
    /// <summary>Nothing: the deadline was moved.</summary>
    None,

    /// <summary>End the wait for input: the machine says what comes of it.</summary>
    CancelRead,

    /// <summary>Reset the connection.</summary>
    Abort,
}
