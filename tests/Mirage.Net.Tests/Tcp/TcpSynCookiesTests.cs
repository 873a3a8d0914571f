namespace Mirage.Net.Tests;

[Trait("Conforms", "RFC 4987 section 3.6")]
[Trait("Behaviour", "114")]
public sealed class TcpSynCookiesTests
{
    private const long SlotNs = TcpSynCookies.SlotNs;
    private const long NowNs = 1000 * SlotNs;
    private static readonly TcpFlowKey s_key = new(TcpSite.Local, TcpSite.Client(1));
    private readonly TcpSynCookies _cookies = new(new SipHash(new byte[SipHash.KeySize]));

    [Theory]
    [InlineData(0, 536)] // It does not say: RFC 9293 section 3.7.1.
    [InlineData(1, 64)]
    [InlineData(64, 64)]
    [InlineData(535, 64)]
    [InlineData(536, 536)]
    [InlineData(1459, 1440)]
    [InlineData(1460, 1460)]
    [InlineData(8939, 1460)]
    [InlineData(65_535, 8940)]
    public void Cookie_ComesBack_TellsTheSegmentSize(int size, int expected)
    {
        var syn = new TcpSyn(500, 1000) { SegmentSize = (ushort)size };
        Assert.True(TryRead(_cookies.Make(s_key, syn, NowNs), 500, NowNs, out var read));
        Assert.Equal((500u, expected), (read.Sequence, read.SegmentSize));
    }

    [Fact]
    public void CookieOfIpv6_WithoutSize_TellsThatOfIpv6()
    {
        var key = new TcpFlowKey(new(IpAddress.Parse("fd00::1"), 80), new(IpAddress.Parse("fd00::2"), 4321));
        var cookie = _cookies.Make(key, new(500, 1000), NowNs);
        Assert.True(_cookies.TryRead(key, Ack(501, cookie.Plus(1)), NowNs, out var read));
        Assert.Equal(1220, read.SegmentSize);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(SlotNs - 1, true)]
    [InlineData(SlotNs, true)]
    [InlineData((2 * SlotNs) - 1, true)]
    [InlineData(2 * SlotNs, false)] // The third slot.
    [InlineData(256 * SlotNs, false)] // The slot's number comes again, and its check does not.
    [InlineData(-1, false)]
    public void Cookie_IsRightInTwoSlots(long laterNs, bool expected)
    {
        var cookie = _cookies.Make(s_key, new(500, 1000), NowNs);
        Assert.Equal(expected, TryRead(cookie, 500, NowNs + laterNs, out _));
    }

    [Fact]
    public void CookieOfSomebodyElse_IsWrong()
    {
        var cookie = _cookies.Make(s_key, new(500, 1000), NowNs);
        Assert.False(TryRead(cookie, 501, NowNs, out _)); // Another SYN.
        foreach (var key in new[]
        {
            s_key with { Remote = TcpSite.Client(2) }, s_key with { Remote = TcpSite.Client(60_001) },
            s_key with { Local = TcpSite.Local with { Port = 81 } },
        })
        {
            Assert.False(_cookies.TryRead(key, Ack(501, cookie.Plus(1)), NowNs, out _));
        }
    }

    [Fact]
    [Trait("Hostile", "18")]
    public void Guesses_AreWrong()
    {
        var cookie = _cookies.Make(s_key, new(500, 1000) { SegmentSize = 1460 }, NowNs);
        var right = 0;
        for (var distance = -100_000; distance <= 100_000; distance++)
            right += TryRead(cookie.Plus(distance), 500, NowNs, out _) ? 1 : 0;
        Assert.Equal(8, right); // The sizes, which stand side by side.
    }

    [Fact]
    [Trait("Conforms", "RFC 6528 section 3")]
    [Trait("Behaviour", "115")]
    public void LaterCookie_OfTheSameEnds_IsAHigherNumber()
    {
        var first = _cookies.Make(s_key, new(500, 1000), NowNs);
        Assert.InRange(first.DistanceTo(_cookies.Make(s_key, new(500, 1000), NowNs + (2 * SlotNs))), 1, 3 << 24);
        Assert.Equal(first, _cookies.Make(s_key, new(500, 1000), NowNs + SlotNs - 1));
    }

    [Theory]
    [MemberData(nameof(TcpSynTests.Syns), MemberType = typeof(TcpSynTests))]
    public void Timestamp_ComesBack_TellsTheOptions(int? size, int? shift, bool isTimed, bool isSack, bool isEcn)
    {
        _ = (size, isTimed);
        foreach (var clock in new[] { 0u, 1u, 63u, 64u, 12_345u, uint.MaxValue })
        {
            var syn = new TcpSyn(500, 1000)
            {
                IsTimed = true,
                Timestamp = 7,
                WindowShift = shift,
                IsSackPermitted = isSack,
                Ecn = isEcn ? TcpEcnMode.Classic : TcpEcnMode.Off,
            };
            var value = TcpSynCookies.Encode(syn, clock);
            Assert.InRange(value.DistanceTo(clock), 0, 63); // RFC 7323 section 5.3: later ones are never before it.
            Assert.Equal(syn with { Timestamp = 8 }, TcpSynCookies.Decode(new(500, 1000), new(8, value)));
        }
    }

    private bool TryRead(uint cookie, uint sequence, long nowNs, out TcpSyn syn) =>
        _cookies.TryRead(s_key, Ack(sequence.Plus(1), cookie.Plus(1)), nowNs, out syn);

    private static TcpSegment Ack(uint sequence, uint acknowledgment) =>
        new(new(4321, 80, sequence, acknowledgment, TcpFlags.Ack, 1000), default);
}
