using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>A scoreboard under any operations beside a plain array that says of each number what is known of
/// it.</summary>
internal sealed class ScoreboardHistory(ulong seed)
{
    private const int Segment = 10;
    private enum Fate { Out, Sacked, Lost }

    private readonly SplitMix64 _random = new(seed);
    private TcpScoreboard _board = new(null);
    private readonly Dictionary<uint, Fate> _numbers = [];
    private uint _una = uint.MaxValue - (uint)(seed % 3000);
    private uint _next;
    private long _nowNs;

    public void Run(int steps)
    {
        _next = _una;
        for (var step = 0; step < steps; step++)
        {
            _nowNs += 1000;
            Step();
            Check(step);
        }

        Acknowledge(_next);
        Assert.Equal(0, _board.Count);
    }

    private void Step()
    {
        switch (_random.Next(8))
        {
            case 0 or 1 or 2 when _una.DistanceTo(_next) < 2000:
                Send();
                break;
            case 3 when _next != _una:
                Acknowledge(_una.Plus(1 + _random.Next(_una.DistanceTo(_next))));
                break;
            case 4 or 5 when _una.DistanceTo(_next) > 2:
                Sack();
                break;
            case 6:
                MarkOverdue();
                break;
            case 7 when _board.TryFirstLost(out var slot):
                Retransmit(slot);
                break;
        }
    }

    private void Send()
    {
        var end = _next.Plus(1 + _random.Next(5 * Segment));
        _board.Append(_next, end, default, _nowNs);
        for (; _next != end; _next = _next.Plus(1))
            _numbers[_next] = Fate.Out;
    }

    private void Acknowledge(uint end)
    {
        var digest = _board.Begin();
        _board.Acknowledge(end, ref digest);
        var delivered = 0;
        for (; _una != end; _una = _una.Plus(1))
        {
            delivered += _numbers[_una] is Fate.Sacked ? 0 : 1;
            _numbers.Remove(_una);
        }

        Assert.Equal(delivered, digest.DeliveredBytes);
    }

    // Only whole segments of a piece are confirmed: what the digest says is what has changed.
    private void Sack()
    {
        var start = _una.Plus(1 + _random.Next(_una.DistanceTo(_next) - 1));
        var end = start.Plus(1 + _random.Next(start.DistanceTo(_next)));
        var digest = _board.Begin();
        _board.Sack(new(start, end), Segment, ref digest);
        var before = _numbers.Values.Count(fate => fate is Fate.Sacked);
        Mirror();
        var sacked = _numbers.Where(pair => pair.Value is Fate.Sacked).ToList();
        Assert.Equal(digest.DeliveredBytes, sacked.Count - before);
    }

    private void MarkOverdue()
    {
        var age = _random.Next(50_000);
        _board.MarkOverdue(_nowNs - age, _next, 0, _nowNs, out _);
        Mirror();
    }

    private void Retransmit(int slot)
    {
        var start = _board[slot].Start;
        Assert.Equal(Fate.Lost, _numbers[start]);
        var end = _board.Retransmit(slot, 1 + _random.Next(3 * Segment), default, _nowNs);
        for (var number = start; number != end; number = number.Plus(1))
        {
            Assert.Equal(Fate.Lost, _numbers[number]);
            _numbers[number] = Fate.Out;
        }
    }

    // Takes over what the list says, which must never take back what is confirmed.
    private void Mirror()
    {
        foreach (var piece in Pieces())
        {
            for (var number = piece.Start; number != piece.End; number = number.Plus(1))
            {
                var fate = piece.IsSacked ? Fate.Sacked : piece.IsLost ? Fate.Lost : Fate.Out;
                Assert.True(_numbers[number] is not Fate.Sacked || fate is Fate.Sacked, "What is confirmed stays so.");
                _numbers[number] = fate;
            }
        }
    }

    private void Check(int step)
    {
        var next = _una;
        foreach (var piece in Pieces())
        {
            Assert.True(piece.Start == next && piece.Length > 0, $"The pieces are a whole. Seed {seed}, step {step}.");
            next = piece.End;
        }

        Assert.Equal(_next, next);
        Assert.Equal(_numbers.Values.Count(fate => fate is Fate.Sacked), _board.SackedBytes);
        Assert.Equal(_numbers.Values.Count(fate => fate is Fate.Lost), _board.LostBytes);
        Assert.Equal(_board.LostBytes > 0, _board.TryFirstLost(out _));
    }

    private IEnumerable<SentPiece> Pieces()
    {
        for (var (slot, left) = (_board.FirstSlot, _board.Count); left > 0; left--)
        {
            var piece = _board[slot];
            yield return piece;
            slot = piece.Next;
        }
    }
}
