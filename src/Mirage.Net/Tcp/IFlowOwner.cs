namespace Mirage.Net;

/// <summary>What the two pipes of a flow tell its connection.</summary>
internal interface IFlowOwner
{
    /// <summary>Bytes were released from the receive queue.</summary>
    void HandleRead();

    /// <summary>The reader has looked at everything in the receive queue, and waits for more behind what it has not
    /// consumed.</summary>
    /// <returns>Whether more can come: not when the queue takes no more.</returns>
    bool HandleDemand();

    /// <summary>Bytes were appended to the send queue, and a write is complete.</summary>
    void HandleWritten();

    /// <summary>No more is read.</summary>
    void HandleInputCompleted();

    /// <summary>No more is written; with an <paramref name="error"/> the connection is to be given up.</summary>
    void HandleOutputCompleted(Exception? error);
}
