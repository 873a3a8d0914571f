namespace Mirage.Net;

/// <summary>A token bucket for error messages, RFC 1812 section 4.3.2.8.</summary>
/// <remarks>An error costs one token or two, by a secret sequence: one that counts answers cannot tell whether packets
/// that it forged drew errors as well (CVE-2020-25705, 'SAD DNS').</remarks>
/// <param name="seed">Entropy.</param>
internal sealed class IcmpRateLimiter(ulong seed)
{
    /// <summary>Tokens of a full bucket.</summary>
    public const int BurstMax = 50;

    /// <summary>Tokens that come in a second.</summary>
    public const int TokensPerSecond = 200;

    private const long TokenNs = 1_000_000_000 / TokensPerSecond;
    private ulong _state = seed | 1; // xorshift does not leave zero.
    private long _creditNs = BurstMax * TokenNs;
    private long _lastNs;

    /// <summary>Errors that were not sent.</summary>
    public long Suppressed { get; private set; }

    /// <summary>Whether an error may be sent now. Path MTU discovery depends on its signal, which is exempt.</summary>
    public bool HandleError(IcmpUnreachable reason, long nowNs)
    {
        if (reason is IcmpUnreachable.FragmentationNeeded)
            return true;

        _creditNs = Math.Min(_creditNs + Math.Clamp(nowNs - _lastNs, 0, BurstMax * TokenNs), BurstMax * TokenNs);
        _lastNs = nowNs;
        var costNs = (1 + NextBit()) * TokenNs;
        if (_creditNs < costNs)
        {
            Suppressed++;
            return false;
        }

        _creditNs -= costNs;
        return true;
    }

    private int NextBit()
    {
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
        return (int)(_state >> 63);
    }
}
