using System.Diagnostics;

namespace Mirage.Net;

/// <summary>How peers' connections begin: from their SYN to the acknowledgment of ours, after which there is a
/// <see cref="TcpConnection"/>.</summary>
/// <remarks>As long as there is room, what a SYN says is remembered. When there is none, the answer is a cookie and
/// nothing is: a flood of SYNs costs what it costs to answer them, and honest clients are served as before.</remarks>
internal sealed class TcpHandshakes
{
    private readonly TcpEngine _engine;
    private readonly TcpTally _tally;
    private readonly TcpSynQueue _queue;
    private readonly TcpSynCookies _cookies;
    private readonly LoopTimer _timer;

    public TcpHandshakes(TcpEngine engine, TcpTally tally, TcpFlowKeyComparer keys, SipHash cookies)
    {
        (_engine, _tally, _queue, _cookies) = (engine, tally, new(keys), new(cookies));
        _timer = engine.Loop.CreateTimer(static self => ((TcpHandshakes)self!).HandleTimer(), this);
    }

    /// <summary>Half-open connections.</summary>
    public int Count => _queue.Count;

    private long NowNs => _engine.Loop.CoarseNs;

    /// <summary>A SYN to a listener.</summary>
    public void HandleSyn(TcpListener listener, TcpFlowKey key, in TcpSegment segment)
    {
        if (!HasRoom(listener))
            return; // RFC 9293 has no word for it: the peer sends the SYN again, and there may be room then.
        var syn = TcpSyn.Of(segment);
        if (!_queue.HasRoom(listener))
        {
            SendCookie(listener, key, syn, _engine.OfferFor(key, listener));
            return;
        }

        Remember(listener, key, syn, _engine.InitialSequenceFor(key));
    }

    /// <summary>A segment of a connection in TIME-WAIT, if it opens a new one in its place.</summary>
    public bool TryReplace(TcpListener listener, TcpTimeWait waiting, in TcpSegment segment)
    {
        var key = waiting.Key;
        var hasTimestamps = _engine.OfferFor(key, listener).Timestamps;
        var hasRoom = listener.HasRoom && _engine.HasRoom() && _queue.HasRoom(listener);
        if (!hasRoom || !waiting.IsReplacedBy(segment, hasTimestamps))
            return false;
        // RFC 9293 section 3.10.7.4, as RFC 1122 section 4.2.2.13: our numbers go on where the old ones ended, too.
        var initial = SequenceNumber.Later(_engine.InitialSequenceFor(key), waiting.Sequence.Plus(1));
        _tally.TWRecycled++;
        _engine.TimeWaits.Remove(waiting);
        Remember(listener, key, TcpSyn.Of(segment), initial);
        return true;
    }

    /// <summary>Answers a SYN for which a listener was made that is for this one connection; false when there is no
    /// room
    /// for it.</summary>
    public bool TryForward(TcpListener listener, TcpFlowKey key, in TcpSyn syn)
    {
        if (!HasRoom(listener) || !_queue.HasRoom(listener))
            return false;
        var initial = _engine.InitialSequenceFor(key);
        if (_engine.TimeWaits.TryFind(key, out var waiting))
        {
            // RFC 1122 section 4.2.2.13: our numbers go on where those of the connection in TIME-WAIT ended.
            initial = SequenceNumber.Later(initial, waiting.Sequence.Plus(1));
            _tally.TWRecycled++;
            _engine.TimeWaits.Remove(waiting);
        }

        Remember(listener, key, syn, initial);
        return true;
    }

    /// <summary>A segment, if it is one of a half-open connection.</summary>
    public bool TryHandle(TcpFlowKey key, in TcpSegment segment)
    {
        if (_queue.Count == 0 || !_queue.TryFind(key, out var halfOpen))
            return false;
        switch (halfOpen.Handle(segment))
        {
            case TcpHalfOpenAnswer.Repeat:
                Repeat(halfOpen, segment);
                break;
            case TcpHalfOpenAnswer.Challenge:
                _engine.Send(key, halfOpen.Segment(TcpFlags.Ack, _engine.TimestampFor(key)));
                break;
            case TcpHalfOpenAnswer.Reset:
                _engine.Refuse(key, segment);
                break;
            case TcpHalfOpenAnswer.Forget:
                halfOpen.Listener.WasReset = true;
                Remove(halfOpen);
                break;
            case TcpHalfOpenAnswer.Complete:
                Complete(halfOpen, segment);
                break;
        }

        return true;
    }

    /// <summary>An acknowledgment to a listener, if it is that of a cookie.</summary>
    public bool TryHandleCookie(TcpListener listener, TcpFlowKey key, in TcpSegment segment)
    {
        var isPlain = segment.Has(TcpFlags.Ack) && !segment.Has(TcpFlags.Syn | TcpFlags.Rst);
        if (!isPlain || !listener.MayHaveCookies(NowNs))
            return false; // Nobody is to guess cookies of a listener that has sent none.
        if (!_cookies.TryRead(key, segment, NowNs, out var syn))
        {
            _tally.SyncookiesFailed++;
            return false;
        }

        _tally.SyncookiesRecv++;
        if (!HasRoom(listener))
            return true; // What the client sends next acknowledges the cookie again.
        if (_engine.OfferFor(key, listener).Timestamps && segment.Header.Options.Timestamps is { } timestamps)
            syn = TcpSynCookies.Decode(syn, timestamps);
        var initial = segment.Header.Acknowledgment.Plus(-1);
        if (_engine.TryAdopt(listener, key, new(syn, initial, SentNs: null, Timeouts: 0), segment))
            _tally.PassiveOpens++;
        return true;
    }

    /// <summary>The listener is being closed: its half-open connections are reset.</summary>
    public void Close(TcpListener listener)
    {
        if (listener.HalfOpen == 0)
            return;
        foreach (var halfOpen in _queue.Of(listener))
            Reset(halfOpen);

        Debug.Assert(listener.HalfOpen == 0, "A listener knows how many of its connections are half open.");
    }

    private void Complete(TcpHalfOpen halfOpen, in TcpSegment segment)
    {
        // The acknowledgment is dropped when nobody has accepted in time. The client takes itself for connected, and
        // what it sends next, or the answer to ours that is sent again, completes the handshake.
        if (!HasRoom(halfOpen.Listener))
            return;
        long? sentNs = halfOpen.IsRepeated ? null : halfOpen.DueNs - TcpLimits.RtoInitialNs;
        var opening = new TcpOpening(halfOpen.Syn, halfOpen.Initial, sentNs, halfOpen.Timeouts);
        if (_engine.TryAdopt(halfOpen.Listener, halfOpen.Key, opening, segment))
            Remove(halfOpen);
    }

    private bool HasRoom(TcpListener listener)
    {
        if (listener.HasRoom && _engine.HasRoom())
            return true;
        if (!listener.HasRoom)
            _tally.ListenOverflows++;
        _tally.ListenDrops++;
        return false;
    }

    private void SendCookie(TcpListener listener, TcpFlowKey key, in TcpSyn syn, in TcpOffer offer)
    {
        listener.HandleCookieSent(NowNs);
        _tally.SyncookiesSent++;
        var clock = TcpSynCookies.Encode(syn, _engine.TimestampFor(key));
        // What the peer is not going to repeat has to fit into the timestamp: without one it is not agreed on.
        var kept = offer.Timestamps && syn.IsTimed
            ? syn
            : syn with { WindowShift = null, IsSackPermitted = false, Ecn = TcpEcnMode.Off };
        if (kept.Ecn is TcpEcnMode.Accurate)
            kept = kept with { Ecn = TcpEcnMode.Classic }; // There is one bit for it.
        _engine.Send(key, offer.Answer(key, kept, _cookies.Make(key, syn, NowNs), clock));
    }

    private void Remember(TcpListener listener, TcpFlowKey key, in TcpSyn syn, uint initial)
    {
        var offer = _engine.OfferFor(key, listener);
        _tally.PassiveOpens++;
        Answer(_queue.Add(key, listener, syn, initial, offer.Window, NowNs), offer);
        Rearm();
    }

    private void Answer(TcpHalfOpen halfOpen, in TcpOffer offer)
    {
        var key = halfOpen.Key;
        var isRepeated = halfOpen.IsRepeated || halfOpen.Timeouts > 0;
        _engine.Send(
            key, offer.Answer(key, halfOpen.Syn, halfOpen.Initial, _engine.TimestampFor(key), isRepeated));
    }

    private void Repeat(TcpHalfOpen halfOpen, in TcpSegment syn)
    {
        var mode = TcpEcn.ModeOf(syn.Header.Flags);
        if (mode is not TcpEcnMode.Off && halfOpen.Syn.Ecn is not TcpEcnMode.Off && mode != halfOpen.Syn.Ecn)
        {
            // RFC 9768 section 3.1.5: nobody asks for both kinds, and each would be taken for the other.
            Reset(halfOpen);
            return;
        }

        halfOpen.IsRepeated = true;
        if (mode is TcpEcnMode.Off)
            halfOpen.WithdrawEcn(); // RFC 9768 section 3.1.4: the SYNs that asked were lost.
        halfOpen.Renew(syn.Ecn);
        Answer(halfOpen, _engine.OfferFor(halfOpen.Key, halfOpen.Listener));
    }

    private void Reset(TcpHalfOpen halfOpen)
    {
        _tally.OutRsts++;
        _engine.Send(halfOpen.Key, halfOpen.Segment(TcpFlags.Rst, _engine.TimestampFor(halfOpen.Key)));
        Remove(halfOpen);
    }

    private void Remove(TcpHalfOpen halfOpen)
    {
        _queue.Remove(halfOpen);
        Rearm();
    }

    private void HandleTimer()
    {
        while (_queue.TryPollTimeout(NowNs, out var halfOpen))
        {
            // RFC 9768 section 3.1.4.2: an answer that agrees may be dropped on the way for it.
            if (halfOpen.Timeouts >= TcpEcn.AccurateSynsMax && halfOpen.Syn.Ecn is TcpEcnMode.Accurate)
                halfOpen.WithdrawEcn();
            Answer(halfOpen, _engine.OfferFor(halfOpen.Key, halfOpen.Listener));
        }

        Rearm();
    }

    private void Rearm()
    {
        if (_queue.NextNs is not { } dueNs)
            _timer.Disarm();
        else if (!_timer.IsArmed || dueNs < _timer.DueNs)
            _timer.Arm(dueNs); // One that is armed earlier only looks again.
    }
}
