using static Mirage.Net.Tests.TcpPeer;

namespace Mirage.Net.Tests;

[Trait("Conforms", "RFC 4821 section 7")]
[Trait("Conforms", "RFC 8899 section 5.3")]
[Trait("Behaviour", "135")]
public sealed class PathMtuProbeTests
{
    private const int Long = 1460;

    private static TcpParameters Ethernet => Defaults with { Mss = Long, SegmentationLimit = 64_000 };

    [Theory]
    [InlineData(1460)] // An outage and no black hole.
    [InlineData(1400)]
    [InlineData(1320)]
    [InlineData(1161)]
    [InlineData(700)] // Less than the base.
    [InlineData(536)]
    public void PathThatDropsLongSegmentsInSilence_TheirSizeIsFound(int most)
    {
        var peer = Opened();
        var outage = peer.NowNs + 2_000_000_000;
        var path = new Receiver(peer, length => length <= most && (most < Long || peer.NowNs > outage));
        path.Carry(bytes: 400_000);
        var size = peer.Machine.Block.Size.Maximum;
        Assert.InRange(size, Math.Max(most - 16, 536), most);
        Assert.Equal(RecoveryPhase.Open, peer.Machine.Block.Recovery.Phase);
    }

    [Fact]
    [Trait("Conforms", "RFC 4821 section 7.6.2")]
    public void ProbeLost_IsNoCongestion()
    {
        var peer = Opened();
        new Receiver(peer, length => length <= 1300).Carry(bytes: 400_000);
        // The timeouts have reduced the window, and nothing else.
        Assert.Equal(1, peer.Machine.Block.Congestion.Reductions);
    }

    [Fact]
    [Trait("Conforms", "RFC 4821 section 7.6.2")]
    public void ProbeLost_IsNotToldToAModelOfThePath()
    {
        var told = new ToldControl { Opens = true };
        var peer = Opened(Ethernet with { Congestion = () => told });
        var path = new Receiver(peer, length => length <= 1300);
        path.Carry(bytes: 20000);
        var (losses, probes) = (told.Losses.Count, path.Dropped);
        path.Carry(bytes: 400_000);
        Assert.InRange(path.Dropped - probes, 1, 50);
        Assert.Equal(losses, told.Losses.Count);
    }

    [Fact]
    public void Search_Over_IsTakenUpAgainAfterTenMinutes()
    {
        var peer = Opened();
        var most = 1300;
        var path = new Receiver(peer, length => length <= most);
        path.Carry(bytes: 400_000);
        most = Long;
        path.Carry(bytes: 100_000);
        Assert.InRange(peer.Machine.Block.Size.Maximum, 1280, 1300);
        peer.Elapses(600_000);
        path.Carry(bytes: 200_000);
        Assert.Equal(Long, peer.Machine.Block.Size.Maximum);
    }

    private static TcpPeer Opened(TcpParameters? parameters = null)
    {
        var options = new TcpOptions { MaximumSegmentSize = Long, SackPermitted = true };
        return new TcpPeer(parameters ?? Ethernet) { Window = 60_000 }.Opens().Expects(Syn).Elapses(100)
            .Sends(SynAck, seq: 0, ack: 1, options: options).Expects(Ack);
    }

    /// <summary>A peer that acknowledges selectively behind a path which drops what it does not like.</summary>
    private sealed class Receiver(TcpPeer peer, Func<int, bool> takes)
    {
        private readonly SortedSet<int> _beyond = [];
        private int _got = 1;
        private int _written;

        public int Dropped { get; private set; }

        public void Carry(int bytes)
        {
            for (var round = 0; round < 3000 && (_got <= _written || bytes > 0); round++)
            {
                var more = Math.Min(bytes, 50_000 - (_written + 1 - _got));
                if (more > 0)
                    peer.Writes(more);
                (_written, bytes) = (_written + Math.Max(0, more), bytes - Math.Max(0, more));
                var arrived = Deliver();
                peer.Elapses(arrived ? 100 : 1);
                if (arrived)
                    Acknowledge();
                else
                    peer.ElapsesToTimeout();
            }

            Assert.Equal(_written + 1, _got);
        }

        // A device cuts a piece into segments of the size that it is told.
        private bool Deliver()
        {
            var arrived = false;
            foreach (var sent in peer.Poll())
            {
                for (var done = 0; done < sent.Length; done += sent.SegmentSize)
                {
                    var length = Math.Min(sent.SegmentSize, sent.Length - done);
                    if (!takes(length))
                    {
                        Dropped++;
                        continue;
                    }

                    arrived = true;
                    for (var place = sent.Seq + done; place < sent.Seq + done + length; place++)
                        _beyond.Add(place);
                }
            }

            while (_beyond.Remove(_got))
                _got++;
            _beyond.RemoveWhere(place => place < _got);
            return arrived;
        }

        private void Acknowledge()
        {
            var blocks = new List<(int Start, int End)>();
            foreach (var place in _beyond)
            {
                if (blocks.Count > 0 && blocks[^1].End == place)
                    blocks[^1] = (blocks[^1].Start, place + 1);
                else
                    blocks.Add((place, place + 1));
            }

            blocks.Reverse();
            peer.Sacks(_got, [.. blocks.Take(3)]);
        }
    }
}
