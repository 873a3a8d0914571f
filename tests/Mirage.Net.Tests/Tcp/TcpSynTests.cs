namespace Mirage.Net.Tests;

/// <summary>What is kept of a SYN, and how it is answered without a machine.</summary>
public sealed class TcpSynTests
{
    private static readonly TcpFlowKey s_key = TcpPeer.Ends.Key;

    public static TheoryData<int?, int?, bool, bool, bool> Syns()
    {
        var data = new TheoryData<int?, int?, bool, bool, bool>();
        foreach (var size in new int?[] { null, 1, 536, 1460, ushort.MaxValue })
        {
            foreach (var shift in new int?[] { null, 0, 7, 14 })
            {
                for (var bits = 0; bits < 8; bits++)
                    data.Add(size, shift, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Syns))]
    public void Syn_Kept_IsTheSynAgain(int? size, int? shift, bool isTimed, bool isSack, bool isEcn)
    {
        var segment = Segment(size, shift, isTimed, isSack, isEcn);
        var again = TcpSyn.Of(segment).ToSegment(s_key);
        Assert.Equal(segment.Header, again.Header);
        Assert.Equal(0, again.Payload.Length);
    }

    [Theory]
    [Trait("Conforms", "RFC 7323 section 2.3")]
    [Trait("Behaviour", "120")]
    [InlineData(15)]
    [InlineData(255)]
    public void ShiftBeyondFourteen_Kept_IsFourteen(int shift)
    {
        Assert.Equal(14, TcpSyn.Of(Segment(null, shift, false, false, false)).WindowShift);
    }

    [Theory]
    [Trait("Conforms", "RFC 9293 section 3.7.1")]
    [MemberData(nameof(Syns))]
    public void Offer_Answer_IsWhatAMachineSays(int? size, int? shift, bool isTimed, bool isSack, bool isEcn)
    {
        foreach (var buffer in new[] { 20_000, TcpParameters.ReceiveBufferDefault })
        {
            var parameters = TcpPeer.Defaults with { ReceiveBuffer = buffer };
            var segment = Segment(size, shift, isTimed, isSack, isEcn);
            var pool = new BlockPool();
            var machine = new TcpMachine(TcpPeer.Ends, parameters, new(pool), new(pool));
            machine.HandleSyn(segment, 77, nowNs: 1);
            Assert.True(machine.TryPollTransmit(1, out var expected));
            var offer = new TcpOffer(TcpPeer.Mss, buffer) { Sack = true, Timestamps = true, Ecn = true };
            var answer = offer.Answer(s_key, TcpSyn.Of(segment), 77, clock: 0);
            Assert.Equal(expected.Header, answer);
        }
    }

    [Theory]
    [Trait("Conforms", "RFC 7323 section 3.2")]
    [MemberData(nameof(Syns))]
    public void OfferOfEverything_Answer_HasWhatTheSynHas(
        int? size, int? shift, bool isTimed, bool isSack, bool isEcn)
    {
        var offer = new TcpOffer(1460, 1 << 20) { Timestamps = true, Sack = true, Ecn = true };
        var answer = offer.Answer(s_key, TcpSyn.Of(Segment(size, shift, isTimed, isSack, isEcn)), 77, clock: 5);
        Assert.Equal(isTimed ? new TcpTimestamps(5, 99) : null, answer.Options.Timestamps);
        Assert.Equal(isSack, answer.Options.SackPermitted);
        Assert.Equal(isEcn, (answer.Flags & TcpFlags.Ece) != 0);
        Assert.Equal(shift is not null, answer.Options.WindowScale is not null);
    }

    private static TcpSegment Segment(int? size, int? shift, bool isTimed, bool isSack, bool isEcn)
    {
        var flags = isEcn ? TcpFlags.Syn | TcpFlags.Ece | TcpFlags.Cwr : TcpFlags.Syn;
        var options = new TcpOptions
        {
            MaximumSegmentSize = (ushort?)size,
            WindowScale = (byte?)shift,
            SackPermitted = isSack,
            Timestamps = isTimed ? new(99, 0) : null,
        };
        var header = new TcpHeader(s_key.Remote.Port, s_key.Local.Port, 5000, 0, flags, 1234) { Options = options };
        return new(header, default);
    }
}
