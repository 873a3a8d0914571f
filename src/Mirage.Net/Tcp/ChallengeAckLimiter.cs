namespace Mirage.Net;

/// <summary>How many challenge acknowledgments a connection sends, RFC 5961 section 7.</summary>
/// <remarks>The limit belongs to one connection, and both its size and the time it holds for come from a secret: an
/// observer that counts answers learns nothing about another connection (CVE-2016-5696) and little about this
/// one.</remarks>
/// <param name="secret">Unguessable to the peer and to others.</param>
internal sealed class ChallengeAckLimiter(ulong secret)
{
    private const long PeriodNs = 1_000_000_000;
    private ulong _state = secret;
    private long _untilNs = long.MinValue;
    private long _sinceNs;
    private int _left;

    /// <summary>Whether one more may be sent.</summary>
    public bool Allow(long nowNs)
    {
        if (nowNs >= _untilNs || nowNs < _sinceNs)
        {
            var random = Mix();
            _sinceNs = nowNs;
            var periodNs = PeriodNs + (long)(random % PeriodNs);
            _untilNs = nowNs < long.MaxValue - periodNs ? nowNs + periodNs : long.MaxValue;
            _left = TcpLimits.ChallengesMin + (int)((random >> 40) % TcpLimits.ChallengesSpread);
        }

        if (_left == 0)
            return false;
        _left--;
        return true;
    }

    // The output function of SplitMix64. Of its stream a peer sees nothing but counts of small numbers.
    private ulong Mix()
    {
        unchecked
        {
            var z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
