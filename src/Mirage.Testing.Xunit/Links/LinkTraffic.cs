namespace Mirage.Testing;

/// <summary>What a law sends in one direction of a link, and what arrives of it.</summary>
internal sealed class LinkTraffic
{
    private readonly LawRun _run;
    private readonly LinkEnd _from;
    private readonly LinkEnd _to;
    private readonly Dictionary<int, byte[]> _sent = [];
    private readonly List<byte[]> _received = [];
    private TaskCompletionSource _arrival = New();
    private int _awaited = int.MaxValue;
    private bool _isWrong;

    public LinkTraffic(LawRun run, LinkEnd from, LinkEnd to)
    {
        (_run, _from, _to) = (run, from, to);
        to.Listen(Arrive);
    }

    /// <summary>Frames that were accepted.</summary>
    public int Accepted => _sent.Count;

    /// <summary>Frames that came, of whoever.</summary>
    public long Heard { get; private set; }

    /// <summary>Their bytes.</summary>
    public long HeardBytes { get; private set; }

    /// <summary>Numbers of the frames that came, in their order.</summary>
    public IEnumerable<int> Numbers => _received.Select(static frame => LawFrame.NumberOf(frame));

    /// <summary>Sends a frame of that length, to a station or to all.</summary>
    public WriteStatus Send(int number, int length, int header = 14, int pieces = 1, MacAddress? destination = null)
    {
        var bytes = LawFrame.Make(number, length, destination ?? _to.Info.Mac, _from.Info.Mac);
        _sent[number] = bytes;
        var status = _run.Call(() => LawFrame.Send(_from, [.. bytes], header, pieces));
        if (status is not WriteStatus.Ok)
            _sent.Remove(number);
        return status;
    }

    /// <summary>Completes when that many frames have come, or one that is wrong.</summary>
    public async ValueTask Arrived(int count)
    {
        while (_received.Count < count && !_isWrong)
        {
            (_arrival, _awaited) = (New(), count);
            await _arrival.Task;
        }
    }

    /// <summary>The law is broken unless what came is what was sent, but for what the link takes the liberty
    /// of.</summary>
    public void Verify(LinkLiberties liberties)
    {
        var (last, seen) = (int.MinValue, new HashSet<int>());
        foreach (var frame in _received)
        {
            var number = LawFrame.NumberOf(frame);
            if (!_sent.TryGetValue(number, out var sent))
                _run.Fail("only frames that were sent", $"frame {number} of {frame.Length} bytes");
            else if (!LawFrame.IsWhole(sent, frame))
                _run.Fail($"frame {number} whole, {sent.Length} bytes", Describe(sent, frame));
            if (!seen.Add(number) && (liberties & LinkLiberties.Duplicates) == 0)
                _run.Fail($"frame {number} once", "it came twice");
            if (number < last && (liberties & LinkLiberties.Reorders) == 0)
                _run.Fail($"frame {number} before frame {last}", "it came behind it");
            last = number;
        }

        if ((liberties & LinkLiberties.Loses) == 0)
            _run.ExpectEqual($"{_sent.Count} frames", $"{seen.Count} frames");
    }

    private static string Describe(byte[] sent, byte[] received)
    {
        var place = received.AsSpan().CommonPrefixLength(sent);
        return $"{received.Length} bytes, the same up to byte {place}";
    }

    // A law goes on outside of the handler that it waits for.
    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Arrive(byte[] frame)
    {
        _run.ThrowIfStopped();
        Heard++;
        HeardBytes += frame.Length;
        if (!LawFrame.IsOurs(frame))
            return;
        _received.Add(frame);
        _isWrong |= !_sent.TryGetValue(LawFrame.NumberOf(frame), out var sent) || !LawFrame.IsWhole(sent, frame);
        if (_received.Count >= _awaited || _isWrong)
            _arrival.TrySetResult();
    }
}
