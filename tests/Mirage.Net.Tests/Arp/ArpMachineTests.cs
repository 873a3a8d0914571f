namespace Mirage.Net.Tests;

[Trait("Conforms", "RFC 826")]
public sealed class ArpMachineTests
{
    private const long Second = 1_000_000_000;
    private static readonly MacAddress s_mac = new(0x02_0000_000001);
    private static readonly MacAddress s_peerMac = new(0x02_0000_000002);
    private static readonly MacAddress s_otherMac = new(0x02_0000_000003);
    private static readonly IpAddress s_ip = IpAddress.Parse("10.0.0.2");
    private static readonly IpAddress s_peer = IpAddress.Parse("10.0.0.1");
    private static readonly IpAddress s_other = IpAddress.Parse("10.0.0.3");
    private readonly ArpMachine _machine = new(s_mac);
    private long _nowNs = 100 * Second;

    public ArpMachineTests()
    {
        _machine.HandleAddAddress(s_ip, _nowNs);
        Sleep(10 * Second);
        Transmits();
    }

    [Fact]
    [Trait("Behaviour", "4")]
    public void RequestForOwnAddress_IsAnsweredToTheAskerWhoIsLearned()
    {
        Input(ArpOperation.Request, s_peerMac, s_peer, s_ip);

        Assert.Equal([new(s_peerMac, new(ArpOperation.Reply, s_mac, s_ip, s_peerMac, s_peer))], Transmits());
        Assert.True(Known(s_peer, out var mac));
        Assert.Equal(s_peerMac, mac);
    }

    [Fact]
    [Trait("Behaviour", "5")]
    public void RequestForAnotherAddress_IsNotAnsweredAndTeachesNothing()
    {
        Input(ArpOperation.Request, s_peerMac, s_peer, s_other);

        Assert.Empty(Transmits());
        Assert.Equal(0, _machine.Count);
    }

    [Fact]
    [Trait("Behaviour", "7")]
    public void UnsolicitedReply_CreatesNoEntry()
    {
        Input(ArpOperation.Reply, s_peerMac, s_peer, s_ip);
        Input(ArpOperation.Reply, s_peerMac, s_peer, s_peer);

        Assert.Equal(0, _machine.Count);
        Assert.Empty(Transmits());
    }

    [Fact]
    [Trait("Conforms", "RFC 5227")]
    [Trait("Behaviour", "8")]
    public void GratuitousClaim_RefreshesTheEntryWhichIsThenPolledByUnicast()
    {
        Resolve(s_peer, s_peerMac);
        Sleep(2 * Second);
        Input(ArpOperation.Request, s_otherMac, s_peer, s_peer);

        Assert.True(Known(s_peer, out var mac)); // Used again.
        Assert.Equal(s_otherMac, mac);
        Assert.Equal(1, _machine.Counters.Moves);
        Assert.True(_machine.TryPollConflict(out var conflict));
        Assert.Equal(new ArpConflict(s_peer, s_peerMac, s_otherMac), conflict);
        Sleep(ArpMachine.DelayNs);
        Assert.Equal([new(s_otherMac, new(ArpOperation.Request, s_mac, s_ip, default, s_peer))], Transmits());
    }

    [Fact]
    [Trait("Behaviour", "8")]
    public void GratuitousClaimOfTheSameAddress_DoesNotProlongTheEntry()
    {
        Resolve(s_peer, s_peerMac);
        Sleep(ArpMachine.ReachableNs - Second);
        Input(ArpOperation.Reply, s_peerMac, s_peer, s_peer);
        Sleep(2 * Second);

        Assert.Equal(0, _machine.Count);
    }

    [Fact]
    [Trait("Hostile", "24")]
    public void SecondAnswerFromAnotherStation_IsRefusedForAWhile()
    {
        Resolve(s_peer, s_peerMac);
        Input(ArpOperation.Reply, s_otherMac, s_peer, s_ip);

        Assert.True(Known(s_peer, out var mac));
        Assert.Equal(s_peerMac, mac);
        Assert.Equal(1, _machine.Counters.RefusedMoves);
    }

    [Fact]
    [Trait("Conforms", "RFC 1122")]
    [Trait("Behaviour", "10")]
    public void NobodyAnswers_RequestsArePacedAndStop()
    {
        _machine.HandleQuery(s_peer, _nowNs);
        var times = new List<long>();
        for (var step = 0; step < 200; step++)
        {
            times.AddRange(Transmits().Select(transmit =>
            {
                Assert.Equal(MacAddress.Broadcast, transmit.Destination);
                return _nowNs;
            }));
            Sleep(Second / 10);
        }

        Assert.Equal(ArpMachine.RequestsMax, times.Count);
        Assert.All(times.Skip(1).Select((time, index) => time - times[index]), gap => Assert.True(gap >= Second));
        Assert.Equal([new(s_peer, null)], Answers());
        Assert.Equal(0, _machine.Count);
        Assert.Null(_machine.NextTimeoutNs);
    }

    [Fact]
    public void Queries_ForOneAddressShareOneRequestAndOneAnswer()
    {
        _machine.HandleQuery(s_peer, _nowNs);
        _machine.HandleQuery(s_peer, _nowNs);
        Assert.Single(Transmits());
        Input(ArpOperation.Reply, s_peerMac, s_peer, s_ip);

        Assert.Equal([new(s_peer, s_peerMac)], Answers());
        _machine.HandleQuery(s_peer, _nowNs);
        Assert.Equal([new(s_peer, s_peerMac)], Answers());
        Assert.Empty(Transmits());
    }

    [Fact]
    [Trait("Conforms", "RFC 1122")]
    public void EntryInUse_IsPolledByUnicastAndServesMeanwhile()
    {
        Resolve(s_peer, s_peerMac);
        Assert.True(Known(s_peer, out _));
        Sleep(ArpMachine.ReachableNs);

        Assert.Equal([new(s_peerMac, new(ArpOperation.Request, s_mac, s_ip, default, s_peer))], Transmits());
        Assert.True(Known(s_peer, out _));
        Input(ArpOperation.Reply, s_peerMac, s_peer, s_ip);
        Sleep(3 * Second);
        Assert.Empty(Transmits());
        Assert.True(Known(s_peer, out _));
    }

    [Fact]
    [Trait("Conforms", "RFC 1122")]
    public void PolledNeighbourIsGone_EntryIsForgotten()
    {
        Resolve(s_peer, s_peerMac);
        Known(s_peer, out _);
        Sleep(ArpMachine.ReachableNs + (ArpMachine.RequestsMax * ArpMachine.RequestIntervalNs));

        Assert.Equal(ArpMachine.RequestsMax, Transmits().Length);
        Assert.False(Known(s_peer, out _));
    }

    [Fact]
    public void IdleEntry_IsForgottenWithoutAWord()
    {
        Resolve(s_peer, s_peerMac);
        Sleep(ArpMachine.ReachableNs);

        Assert.Empty(Transmits());
        Assert.Equal(0, _machine.Count);
    }

    [Fact]
    [Trait("Behaviour", "11")]
    [Trait("Hostile", "23")]
    public void SpoofedSenders_StayWithinTheBoundAndSpareNeighboursInUse()
    {
        Resolve(s_peer, s_peerMac);
        Known(s_peer, out _);
        for (var sender = 0u; sender < 3 * ArpTable.EntriesMax; sender++)
        {
            Input(ArpOperation.Request, new MacAddress(0x02_1000_000000UL + sender),
                IpAddress.FromV4(0x0A01_0000 + sender), s_ip);
            Transmits();
            Assert.True(_machine.Count <= ArpTable.EntriesMax);
        }

        Assert.Equal(ArpTable.EntriesMax, _machine.Count);
        Assert.True(Known(s_peer, out var mac));
        Assert.Equal(s_peerMac, mac);
    }

    [Fact]
    [Trait("Hostile", "23")]
    public void TableFullOfUsedNeighbours_NewQueryEvictsTheLongestUnused_StrangersAreNotLearned()
    {
        for (var neighbour = 0u; neighbour < ArpTable.EntriesMax; neighbour++)
            Resolve(IpAddress.FromV4(0x0A01_0000 + neighbour), s_otherMac);
        Input(ArpOperation.Request, s_otherMac, s_other, s_ip);
        Assert.False(Known(s_other, out _));

        Resolve(s_peer, s_peerMac);

        Assert.Equal(ArpTable.EntriesMax, _machine.Count);
        Assert.False(Known(IpAddress.FromV4(0x0A01_0000), out _));
        Assert.True(Known(IpAddress.FromV4(0x0A01_0001), out _));
        Assert.True(Known(s_peer, out _));
    }

    [Fact]
    [Trait("Hostile", "23")]
    public void MoreQueriesThanTheLimit_AreAnsweredTableFull()
    {
        for (var neighbour = 0u; neighbour < ArpMachine.ResolvingMax; neighbour++)
            _machine.HandleQuery(IpAddress.FromV4(0x0A01_0000 + neighbour), _nowNs);
        Assert.Empty(Answers());
        _machine.HandleQuery(s_peer, _nowNs);

        Assert.Equal([new(s_peer, null, IsTableFull: true)], Answers());
        Sleep(ArpMachine.RequestsMax * ArpMachine.RequestIntervalNs);
        Assert.Equal(ArpMachine.ResolvingMax, Answers().Length);
        Resolve(s_peer, s_peerMac);
    }

    [Theory]
    [InlineData("ff:ff:ff:ff:ff:ff", "10.0.0.1")]
    [InlineData("01:00:5e:00:00:01", "10.0.0.1")]
    [InlineData("00:00:00:00:00:00", "10.0.0.1")]
    [InlineData("02:00:00:00:00:01", "10.0.0.1")] // Our own link address.
    [InlineData("02:00:00:00:00:02", "255.255.255.255")]
    [InlineData("02:00:00:00:00:02", "224.0.0.1")]
    [InlineData("02:00:00:00:00:02", "127.0.0.1")]
    [Trait("Hostile", "23")]
    public void SenderThatCannotBe_IsDiscarded(string mac, string ip)
    {
        Input(ArpOperation.Request, MacAddress.Parse(mac), IpAddress.Parse(ip), s_ip);

        Assert.Empty(Transmits());
        Assert.Equal(0, _machine.Count);
        Assert.Equal(1, _machine.Counters.InDiscards);
    }

    [Fact]
    [Trait("Conforms", "RFC 5227")]
    public void Probe_IsAnsweredAndNotLearned()
    {
        Input(ArpOperation.Request, s_peerMac, IpAddress.AnyV4, s_ip);

        Assert.Equal([new(s_peerMac, new(ArpOperation.Reply, s_mac, s_ip, s_peerMac, IpAddress.AnyV4))], Transmits());
        Assert.Equal(0, _machine.Count);
    }

    [Fact]
    [Trait("Conforms", "RFC 5227")]
    public void NewAddress_IsAnnouncedTwiceTwoSecondsApart()
    {
        var announcement =
            new ArpTransmit(MacAddress.Broadcast, new(ArpOperation.Request, s_mac, s_other, default, s_other));
        Assert.True(_machine.HandleAddAddress(s_other, _nowNs));
        Assert.Equal([announcement], Transmits());
        Sleep(2 * Second - 1);
        Assert.Empty(Transmits());
        Sleep(1);
        Assert.Equal([announcement], Transmits());
        Sleep(10 * Second);
        Assert.Empty(Transmits());
        Assert.Equal([s_ip, s_other], _machine.Addresses);
    }

    [Fact]
    [Trait("Conforms", "RFC 5227")]
    [Trait("Hostile", "24")]
    public void OwnAddressClaimedByAnother_IsDefendedOnceAnIntervalAndReported()
    {
        for (var claim = 0; claim < 5; claim++)
            Input(ArpOperation.Reply, s_peerMac, s_ip, s_ip);

        Assert.Equal([new(MacAddress.Broadcast, new(ArpOperation.Request, s_mac, s_ip, default, s_ip))], Transmits());
        Assert.Equal(5, _machine.Counters.Conflicts);
        Assert.True(_machine.TryPollConflict(out var conflict));
        Assert.Equal(new ArpConflict(s_ip, s_mac, s_peerMac), conflict);
        Assert.False(_machine.TryPollConflict(out _));
        Assert.Equal(0, _machine.Count);
        Sleep(ArpMachine.DefendIntervalNs);
        Input(ArpOperation.Request, s_peerMac, s_ip, s_peer);
        Assert.Single(Transmits());
    }

    [Fact]
    public void RemovedAddress_IsAnsweredForNoLonger()
    {
        _machine.HandleRemoveAddress(s_ip);
        Input(ArpOperation.Request, s_peerMac, s_peer, s_ip);

        Assert.Empty(Transmits());
        Assert.Empty(_machine.Addresses);
    }

    [Fact]
    public void OwnAddress_IsKnownWithoutAsking()
    {
        Assert.True(Known(s_ip, out var mac));
        Assert.Equal(s_mac, mac);
        _machine.HandleQuery(s_ip, _nowNs);
        Assert.Equal([new(s_ip, s_mac)], Answers());
        Assert.Empty(Transmits());
    }

    [Fact]
    public void Addresses_AreTakenUpToTheLimit()
    {
        for (var index = 1u; index < ArpMachine.AddressesMax; index++)
            Assert.True(_machine.HandleAddAddress(IpAddress.FromV4(0x0A02_0000 + index), _nowNs));
        Assert.False(_machine.HandleAddAddress(s_other, _nowNs));
        Assert.True(_machine.HandleAddAddress(s_ip, _nowNs));
    }

    private void Resolve(IpAddress ip, MacAddress mac)
    {
        _machine.HandleQuery(ip, _nowNs);
        Input(ArpOperation.Reply, mac, ip, s_ip, s_mac);
        Assert.Equal([new(ip, mac)], Answers());
        Transmits();
    }

    private bool Known(IpAddress ip, out MacAddress mac)
    {
        if (!_machine.HandleSend(ip, out mac, out var isStale))
            return false;
        if (isStale)
            _machine.HandleStale(ip, _nowNs);
        return true;
    }

    private void Input(ArpOperation operation, MacAddress senderMac, IpAddress sender, IpAddress target,
        MacAddress? targetMac = null) =>
        _machine.HandleInput(new(operation, senderMac, sender,
            targetMac ?? (operation is ArpOperation.Reply ? s_mac : default), target), _nowNs);

    // Time passes as for a timer that is always armed at NextTimeoutNs.
    private void Sleep(long durationNs)
    {
        var endNs = _nowNs + durationNs;
        while (_machine.NextTimeoutNs is { } dueNs && dueNs <= endNs)
        {
            Assert.True(dueNs >= _nowNs || _machine.NextTimeoutNs <= _nowNs);
            _nowNs = Math.Max(_nowNs, dueNs);
            _machine.HandleTimeout(_nowNs);
            Assert.True(_machine.NextTimeoutNs is null
                || _machine.NextTimeoutNs > _nowNs, "A timeout that has been handled is not due again.");
        }

        _nowNs = endNs;
    }

    private ArpTransmit[] Transmits()
    {
        var transmits = new List<ArpTransmit>();
        while (_machine.TryPollTransmit(out var transmit))
            transmits.Add(transmit);
        return [.. transmits];
    }

    private ArpAnswer[] Answers()
    {
        var answers = new List<ArpAnswer>();
        while (_machine.TryPollAnswer(out var answer))
            answers.Add(answer);
        return [.. answers];
    }
}
