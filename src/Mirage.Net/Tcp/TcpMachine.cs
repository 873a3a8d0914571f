#pragma warning disable CS9113 // Skeleton.
namespace Mirage.Net;

/// <summary>One connection, RFC 9293, without I/O: segments, commands and time come in as arguments; work comes out of TryPoll*.</summary>
/// <remarks>Not thread-safe. After each Handle* drain <see cref="TryPollTransmit"/> and <see cref="TryPollEvents"/>, then re-arm a
/// timer at <see cref="NextTimeoutNs"/>. The send queue holds what is not acknowledged: the machine releases it, the application
/// appends to it. The receive queue holds what is in order and not read: the machine appends, the application releases.</remarks>
internal sealed class TcpMachine(TcpParameters parameters, ByteQueue send, ByteQueue receive)
{
    public TcpState State => throw new NotImplementedException();

    /// <summary>Why the connection broke; null while it has not.</summary>
    public TcpError? Error => throw new NotImplementedException();

    /// <summary>When <see cref="HandleTimeout"/> is due next; null while nothing waits for time.</summary>
    public long? NextTimeoutNs => throw new NotImplementedException();

    /// <summary>Active open: sends a SYN numbered <paramref name="initialSequence"/>.</summary>
    public void HandleOpen(uint initialSequence, long nowNs) => throw new NotImplementedException();

    /// <summary>Passive open by <paramref name="syn"/>: answers with SYN and ACK.</summary>
    public void HandleSyn(in TcpSegment syn, uint initialSequence, long nowNs) => throw new NotImplementedException();

    /// <summary>A segment of this connection, its checksum verified.</summary>
    public void HandleSegment(in TcpSegment segment, long nowNs) => throw new NotImplementedException();

    /// <summary>An ICMP error about a segment of this connection that began at <paramref name="sequence"/>.</summary>
    public void HandleUnreachable(in IcmpQuotation quotation, uint sequence, long nowNs) => throw new NotImplementedException();

    /// <summary>Time has come to <see cref="NextTimeoutNs"/>.</summary>
    public void HandleTimeout(long nowNs) => throw new NotImplementedException();

    /// <summary>The application appended to the send queue. <paramref name="push"/> ends a write.</summary>
    public void HandleSend(bool push, long nowNs) => throw new NotImplementedException();

    /// <summary>The application released from the receive queue: the window may open.</summary>
    public void HandleRead(long nowNs) => throw new NotImplementedException();

    /// <summary>The application sends no more: FIN after what is queued.</summary>
    public void HandleClose(long nowNs) => throw new NotImplementedException();

    /// <summary>The application gives the connection up: RST.</summary>
    public void HandleAbort(long nowNs) => throw new NotImplementedException();

    /// <summary>The next segment to send, if one may be sent now. Calling it counts the segment as sent.</summary>
    public bool TryPollTransmit(long nowNs, out TcpTransmit transmit) => throw new NotImplementedException();

    /// <summary>What happened since the last call, if anything did.</summary>
    public bool TryPollEvents(out TcpEvents events) => throw new NotImplementedException();
}
