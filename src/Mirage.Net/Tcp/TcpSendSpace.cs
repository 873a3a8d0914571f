using System.Diagnostics;

namespace Mirage.Net;

/// <summary>The send sequence space of RFC 9293 section 3.3.1, and where in the send queue each number lies.</summary>
/// <remarks><code>
///  | SYN | released …        | send queue …                              | FIN |
///  iss   iss+1               data start … una … nxt …           data end  end
/// </code>
/// Numbers before <see cref="Next"/> were sent. It does not go back: what is to be sent again is known to
/// <see cref="TcpRecovery"/>.</remarks>
internal struct TcpSendSpace(ByteQueue queue)
{
    private const int AcknowledgedMax = 1 << 30; // No window is larger.

    private uint _dataStart;
    private uint _finSequence;
    private uint _windowSequence; // SND.WL1
    private uint _windowAcknowledgment; // SND.WL2
    private int _acknowledged; // Numbers behind the SYN, as far as they can matter.

    /// <summary>ISS.</summary>
    public uint Initial { get; private set; }

    /// <summary>SND.UNA.</summary>
    public uint Unacknowledged { get; private set; }

    /// <summary>SND.NXT.</summary>
    public uint Next { get; private set; }

    /// <summary>SND.WND, in bytes.</summary>
    public int Window { get; private set; }

    /// <summary>The largest window that the peer ever offered: Max(SND.WND) of section 3.8.6.2.1.</summary>
    public int WindowMax { get; private set; }

    /// <summary>The shift of the peer's windows.</summary>
    public int WindowShift { get; set; }

    /// <summary>The oldest acknowledgment that can still be on its way. RFC 5961 section 5.2 goes back by the largest
    /// window; and none is older than that of the SYN, which keeps guesses about a young connection from being
    /// right.</summary>
    public uint OldestAcknowledgment => Unacknowledged.Plus(-Math.Min(WindowMax, _acknowledged));

    /// <summary>Whether that acknowledges what was sent, and not too long ago: RFC 5961 section 5.2.</summary>
    public bool IsPlausible(uint acknowledgment) => acknowledgment.IsBetween(OldestAcknowledgment, Next);

    /// <summary>Whether the application sends no more.</summary>
    public bool IsFinQueued { get; private set; }

    /// <summary>One past the last byte that the application has written: the number of the FIN.</summary>
    public uint DataEnd => IsFinQueued ? _finSequence : _dataStart.Plus(queue.Length);

    /// <summary>One past everything there is to send.</summary>
    public uint End => DataEnd.Plus(IsFinQueued ? 1 : 0);

    public bool IsFinSent => IsFinQueued && Next == End;

    public bool IsFinAcknowledged => IsFinQueued && Unacknowledged == End;

    /// <summary>Numbers sent and not acknowledged.</summary>
    public int InFlight => Unacknowledged.DistanceTo(Next);

    /// <summary>Bytes of the application that were never sent.</summary>
    public int Unsent => Math.Max(0, Next.DistanceTo(DataEnd));

    /// <summary>One past the last number that the peer takes.</summary>
    public uint WindowEnd => Unacknowledged.Plus(Window);

    /// <summary>The number of a segment without payload: the next one, unless that is beyond what the peer takes,
    /// because of a probe or of a window that shrank. The peer would drop the acknowledgment with the
    /// segment.</summary>
    public uint EmptySequence => Unacknowledged == Initial ? Next : SequenceNumber.Earlier(Next, WindowEnd);

    public void Start(uint initial)
    {
        (Initial, Unacknowledged, Next) = (initial, initial, initial);
        _dataStart = initial.Plus(1);
        _acknowledged = -1;
    }

    public void QueueFin()
    {
        Debug.Assert(!IsFinQueued, "A connection is closed once.");
        _finSequence = DataEnd;
        IsFinQueued = true;
    }

    /// <summary>The place in the send queue of the byte numbered <paramref name="sequence"/>.</summary>
    public int OffsetOf(uint sequence) => _dataStart.DistanceTo(sequence);

    /// <summary>Everything before <paramref name="end"/> is sent.</summary>
    public void OnSent(uint end) => Next = SequenceNumber.Later(Next, end);

    /// <summary>The peer has everything before <paramref name="acknowledgment"/>. The queue lets go of it.</summary>
    /// <returns>How many bytes of the application that are.</returns>
    public int Acknowledge(uint acknowledgment)
    {
        Debug.Assert(acknowledgment.IsAfter(Unacknowledged), "Something new is acknowledged.");
        Debug.Assert(acknowledgment.IsUpTo(Next), "Only what was sent is acknowledged.");
        _acknowledged = (int)Math.Min(
            AcknowledgedMax, (long)_acknowledged + Unacknowledged.DistanceTo(acknowledgment));
        Unacknowledged = acknowledgment;
        var bytes = Math.Max(0, _dataStart.DistanceTo(SequenceNumber.Earlier(acknowledgment, DataEnd)));
        queue.Release(bytes);
        _dataStart = _dataStart.Plus(bytes);
        return bytes;
    }

    /// <summary>Takes the window of a segment unless a newer segment has given one: RFC 9293 section 3.10.7.4,
    /// fifth.</summary>
    public void UpdateWindow(uint sequence, uint acknowledgment, int window)
    {
        var isNewer = _windowSequence.IsBefore(sequence)
            || (_windowSequence == sequence && _windowAcknowledgment.IsUpTo(acknowledgment));
        if (isNewer)
            SetWindow(sequence, acknowledgment, window);
    }

    /// <summary>Takes the window of the segment that opens the connection.</summary>
    public void SetWindow(uint sequence, uint acknowledgment, int window)
    {
        (_windowSequence, _windowAcknowledgment, Window) = (sequence, acknowledgment, window);
        WindowMax = Math.Max(WindowMax, window);
    }
}
