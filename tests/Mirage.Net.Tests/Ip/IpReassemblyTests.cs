using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Mirage.Testing;

namespace Mirage.Net.Tests;

[Trait("Conforms", "RFC 791")]
[Trait("Conforms", "RFC 815")]
public sealed class IpReassemblyTests
{
    private static readonly IpAddress s_source = IpAddress.Parse("10.0.0.1");
    private static readonly IpAddress s_destination = IpAddress.Parse("10.0.0.2");
    private readonly IpReassembly _reassembly = new();
    private readonly List<byte[]> _wholes = [];
    private long _nowNs = 1;

    /// <summary>Any cut, any order, and any fragment twice: the same bytes.</summary>
    [Property(MaxTest = 200)]
    [Trait("Behaviour", "22")]
    [Trait("Behaviour", "23")]
    public void AnyOrderWithDuplicates_GivesTheSameBytes(PositiveInt length, PositiveInt step, ulong seed)
    {
        var random = new SplitMix64(seed);
        var bytes = new byte[(length.Get * 37) % 4000 + 9];
        random.Fill(bytes);
        var size = Math.Max(8, step.Get * 8 % 1480);
        var fragments = Enumerable.Range(0, (bytes.Length + size - 1) / size).Select(index => index * size).ToList();
        Assert.InRange(fragments.Count, 1, 1000);
        if (fragments.Count > FragmentedDatagram.FragmentsMax)
            return;
        var order = fragments.Concat(fragments.Take(3)).OrderBy(_ => random.Next()).ToArray();
        var reassembly = new IpReassembly();
        byte[]? whole = null;
        foreach (var offset in order)
        {
            var end = Math.Min(offset + size, bytes.Length);
            if (reassembly.HandleFragment(
                Key(7), Packet(bytes[offset..end]), offset, end == bytes.Length, 0, out var packet)
                is FragmentVerdict.Complete)
                whole ??= packet.Payload.Bytes.ToArray();
        }

        Assert.Equal(bytes, whole);
    }

    [Fact]
    [Trait("Behaviour", "22")]
    public void InOrderAndReversed_GiveTheSameBytes()
    {
        var bytes = Bytes(24);
        foreach (var order in (int[][])[[0, 8, 16], [16, 8, 0], [8, 16, 0]])
        {
            foreach (var offset in order)
                Add(1, bytes, offset, 8);
            Assert.Equal(bytes, _wholes[^1]);
        }

        Assert.Equal(3, _wholes.Count);
        Assert.Equal((0, 0, 0), (_reassembly.Count, _reassembly.Memory, (int)_reassembly.Failures));
    }

    [Fact]
    [Trait("Behaviour", "23")]
    public void ExactDuplicate_IsTakenOnce()
    {
        var bytes = Bytes(24);
        Assert.Equal(FragmentVerdict.Held, Add(1, bytes, 8, 8));
        Assert.Equal(FragmentVerdict.Duplicate, Add(1, bytes, 8, 8));
        Assert.Equal(FragmentVerdict.Held, Add(1, bytes, 16, 8));
        Assert.Equal(FragmentVerdict.Duplicate, Add(1, bytes, 16, 8));
        Assert.Equal(FragmentVerdict.Complete, Add(1, bytes, 0, 8));
    }

    [Theory]
    [InlineData(8, 16, 0, 16)] // Over the beginning of another.
    [InlineData(8, 16, 16, 16)] // Over its end.
    [InlineData(8, 16, 0, 32)] // Over all of it.
    [InlineData(8, 24, 16, 8)] // Inside it.
    [InlineData(8, 16, 8, 8)] // A shorter one at the same place.
    [Trait("Conforms", "RFC 5722")]
    [Trait("Behaviour", "23")]
    [Trait("Hostile", "5")]
    public void PartialOverlap_KillsTheDatagramAndWhatStillArrivesOfIt(
        int start, int length, int overlapStart, int overlapLength)
    {
        var bytes = Bytes(48);
        Add(1, bytes, start, length);
        Assert.Equal(FragmentVerdict.Killed, Add(1, bytes, overlapStart, overlapLength));
        for (var offset = 0; offset < 48; offset += 8)
            Assert.Equal(FragmentVerdict.Killed, Add(1, bytes, offset, 8));
        Assert.Empty(_wholes);
        Assert.Equal(1, _reassembly.Failures);
        Assert.Equal(FragmentedDatagram.Overhead, _reassembly.Memory);
        Assert.False(Expire(IpReassembly.TimeoutNs));
        Assert.Equal((0, 0, 1), (_reassembly.Count, _reassembly.Memory, (int)_reassembly.Failures));
    }

    [Fact]
    [Trait("Behaviour", "23")]
    public void SamePlaceWithOtherBytes_Kills()
    {
        var bytes = Bytes(24);
        Add(1, bytes, 0, 8);
        bytes[3] ^= 1;
        Assert.Equal(FragmentVerdict.Killed, Add(1, bytes, 0, 8));
    }

    [Fact]
    [Trait("Hostile", "5")]
    public void TwoEnds_Kill()
    {
        Add(1, Bytes(24), 16, 8);
        Assert.Equal(FragmentVerdict.Killed, Add(1, Bytes(48), 40, 8)); // Another end.
        Add(2, Bytes(48), 40, 8);
        Assert.Equal(FragmentVerdict.Killed, Add(2, Bytes(24), 16, 8)); // An end before the end.
        Add(3, Bytes(24), 16, 8);
        Assert.Equal(FragmentVerdict.Killed, Add(3, Bytes(64), 24, 8)); // More behind the end.
        Add(4, Bytes(64), 24, 8);
        Assert.Equal(FragmentVerdict.Killed, Add(4, Bytes(24), 16, 8)); // An end before what has arrived.
    }

    [Theory]
    [InlineData(65504, 11, true)] // With the header of 20 bytes: 65,535.
    [InlineData(65504, 12, false)]
    [InlineData(65512, 8, false)]
    [InlineData(65528, 1, false)]
    [InlineData(65528, 1480, false)]
    [Trait("Behaviour", "24")]
    [Trait("Hostile", "5")]
    [Trait("Hostile", "6")]
    public void EndBeyondTheLongestPacket_IsDropped(int offset, int length, bool isTaken)
    {
        var verdict = _reassembly.HandleFragment(Key(1), Packet(new byte[length]), offset, isLast: true, 0, out _);
        Assert.Equal(isTaken ? FragmentVerdict.Held : FragmentVerdict.Malformed, verdict);
        Assert.Equal(isTaken ? 1 : 0, _reassembly.Count);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(0)]
    [InlineData(12)]
    [Trait("Behaviour", "25")]
    public void FragmentNotAMultipleOfEight_IsDroppedUnlessItIsTheLast(int length)
    {
        Assert.Equal(FragmentVerdict.Malformed,
            _reassembly.HandleFragment(Key(1), Packet(new byte[length]), 0, false, 0, out _));
        Assert.Equal(0, _reassembly.Count);
        Assert.Equal(length == 0 ? FragmentVerdict.Malformed : FragmentVerdict.Held,
            _reassembly.HandleFragment(Key(1), Packet(new byte[length]), 8, true, 0, out _));
    }

    [Fact]
    [Trait("Behaviour", "26")]
    public void InterleavedDatagrams_DoNotMix()
    {
        var (one, other) = (Bytes(24), Bytes(24, 99));
        for (var offset = 0; offset < 24; offset += 8)
        {
            Add(1, one, offset, 8);
            Add(2, other, offset, 8);
        }

        Assert.Equal([one, other], _wholes);
        var keys = new[]
        {
            Key(1), Key(2), Key(1) with { Protocol = IpProtocol.Tcp }, Key(1) with { Source = s_destination },
                Key(1) with { Destination = s_source },
        };
        foreach (var key in keys)
            Assert.Equal(
                FragmentVerdict.Held, _reassembly.HandleFragment(key, Packet(new byte[8]), 0, false, _nowNs, out _));
        Assert.Equal(keys.Length, _reassembly.Count);
    }

    [Fact]
    [Trait("Conforms", "RFC 1122")]
    [Trait("Behaviour", "27")]
    public void TimeIsUp_MemoryIsFreedAndTheFirstFragmentIsGiven()
    {
        var bytes = Bytes(24);
        Add(1, bytes, 0, 8);
        Add(2, bytes, 8, 8);
        Assert.Equal(_nowNs + IpReassembly.TimeoutNs, _reassembly.NextTimeoutNs);
        Assert.False(Expire(IpReassembly.TimeoutNs - 1));
        Assert.Equal(2, _reassembly.Count);

        _nowNs++;
        Assert.True(_reassembly.TryPollExpired(_nowNs, out var first));
        Assert.Equal(bytes[..8], first.Payload.Bytes.ToArray());
        Assert.Equal((s_source, s_destination, 20), (first.Source, first.Destination, first.Header.Length));
        Assert.False(_reassembly.TryPollExpired(_nowNs, out _)); // Of the other the first fragment is missing.
        Assert.Equal((0, 0, 2), (_reassembly.Count, _reassembly.Memory, (int)_reassembly.Failures));
        Assert.Null(_reassembly.NextTimeoutNs);
    }

    [Fact]
    [Trait("Behaviour", "28")]
    [Trait("Hostile", "7")]
    public void FloodOfFragments_StaysWithinMemoryAndAFlowStillCompletes()
    {
        var flood = new byte[1480];
        var bytes = Bytes(16384);
        for (var round = 0u; round < 20_000; round++)
        {
            _reassembly.HandleFragment(Key(1000 + round), Packet(flood), 1480, false, _nowNs, out _);
            Assert.True(_reassembly.Memory <= IpReassembly.MemoryMax && _reassembly.Count <= IpReassembly.DatagramsMax);
            if (round % 100 == 0) // Between floods a flow's fragments arrive, one after each ten of the flood.
                Add(1, bytes, (int)(round / 100 % 2) * 8192, 8192);
        }

        Assert.Equal(100, _wholes.Count);
        Assert.All(_wholes, whole => Assert.Equal(bytes, whole));
    }

    [Fact]
    [Trait("Behaviour", "28")]
    public void MemoryAtItsCap_TheOldestGivesWay()
    {
        var large = new byte[32768];
        for (var id = 1u; _reassembly.Failures == 0; id++)
            _reassembly.HandleFragment(Key(id), Packet(large), 0, false, _nowNs, out _);
        Assert.True(_reassembly.Memory <= IpReassembly.MemoryMax);
        Assert.True(_reassembly.Memory > IpReassembly.MemoryMax - (2 * large.Length));
        Assert.Equal(FragmentVerdict.Held,
            _reassembly.HandleFragment(Key(1), Packet(new byte[8]), large.Length, true, _nowNs, out _));
        Assert.Equal(FragmentVerdict.Complete,
            _reassembly.HandleFragment(Key(3), Packet(new byte[8]), large.Length, true, _nowNs, out _));
    }

    [Fact]
    [Trait("Hostile", "5")]
    [Trait("Hostile", "7")]
    public void MoreFragmentsThanTheLimit_KillTheDatagram()
    {
        for (var index = 0; index < FragmentedDatagram.FragmentsMax; index++)
            Assert.Equal(FragmentVerdict.Held,
                _reassembly.HandleFragment(Key(1), Packet(new byte[8]), index * 16, false, 0, out _));
        Assert.Equal(FragmentVerdict.Killed,
            _reassembly.HandleFragment(
                Key(1), Packet(new byte[8]), FragmentedDatagram.FragmentsMax * 16, false, 0, out _));
        Assert.Equal(FragmentedDatagram.Overhead, _reassembly.Memory);
    }

    [Fact]
    [Trait("Conforms", "RFC 3168")]
    public void CongestionMarkOnAnyFragment_IsKept()
    {
        _reassembly.HandleFragment(Key(1), Packet(new byte[8], ecn: 2), 0, false, 0, out _);
        _reassembly.HandleFragment(Key(1), Packet(new byte[8], ecn: 3), 8, false, 0, out _);
        _reassembly.HandleFragment(Key(1), Packet(new byte[8], ecn: 2), 16, true, 0, out var whole);
        Assert.Equal(3, whole.Ecn);
    }

    private FragmentVerdict Add(uint id, byte[] bytes, int offset, int length)
    {
        var verdict = _reassembly.HandleFragment(
            Key(id), Packet(bytes[offset..(offset + length)]), offset, offset + length == bytes.Length, _nowNs,
                out var whole);
        if (verdict is FragmentVerdict.Complete)
            _wholes.Add(whole.Payload.Bytes.ToArray());
        return verdict;
    }

    private bool Expire(long afterNs)
    {
        _nowNs += afterNs;
        return _reassembly.TryPollExpired(_nowNs, out _);
    }

    private static FragmentKey Key(uint id) => new(s_source, s_destination, IpProtocol.Udp, id);

    private static ReceivedPacket Packet(byte[] payload, byte ecn = 0) => new()
    {
        Source = s_source,
        Destination = s_destination,
        Ecn = ecn,
        Header = new byte[Ipv4Header.FixedSize],
        Payload = new(payload),
    };

    private static byte[] Bytes(int length, byte first = 0) =>
        [.. Enumerable.Range(first, length).Select(value => (byte)value)];
}
