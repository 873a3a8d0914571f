using System.Buffers;
using System.Buffers.Binary;
using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>Frames that no honest station sends, on the link of two stacks that are at work.</summary>
public sealed class HostileStackTests : IDisposable
{
    private const int Ip = 14, Tcp = Ip + 20;

    private readonly SimHost _host = new(seed: 9);
    private StackPair<VirtualPort, VirtualPort>? _pair;

    public void Dispose() => _host.Dispose();

    [Fact]
    [Trait("Hostile", "1")]
    public void TruncatedAtEveryByte_NothingBreaks() => Attack(async (frames, inject) =>
    {
        foreach (var frame in frames)
        {
            for (var length = 14; length < frame.Length; length++)
                await inject(frame[..length]);
        }
    });

    [Fact]
    public void AnyByteChanged_NothingBreaks() => Attack(async (frames, inject) =>
    {
        var random = new SplitMix64(_host.Seed);
        foreach (var frame in frames)
        {
            for (var count = 0; count < 300; count++)
                await inject(Mutated(frame, random));
        }
    });

    [Fact]
    [Trait("Hostile", "1")]
    [Trait("Hostile", "12")]
    public void AnyByteChangedAndChecksumsRight_NothingBreaks() => Attack(async (frames, inject) =>
    {
        var random = new SplitMix64(_host.Seed);
        foreach (var frame in frames)
        {
            for (var count = 0; count < 300; count++)
                await inject(Checked(Mutated(frame, random)));
        }
    });

    [Fact]
    [Trait("Hostile", "19")]
    public void SourceIsDestination_IsNotAnswered() => Attack(async (frames, inject) =>
    {
        var syn = frames.First(frame => FlagsOf(frame) is TcpFlags.Syn);
        syn.AsSpan(Ip + 16, 4).CopyTo(syn.AsSpan(Ip + 12));
        syn.AsSpan(Tcp + 2, 2).CopyTo(syn.AsSpan(Tcp));
        await inject(Checked(syn));
    }, answersMax: 0);

    [Fact]
    [Trait("Hostile", "20")]
    public void SegmentToAGroup_IsNotAnswered() => Attack(async (frames, inject) =>
    {
        var syn = frames.First(frame => FlagsOf(frame) is TcpFlags.Syn);
        BinaryPrimitives.WriteUInt16BigEndian(syn.AsSpan(Tcp + 2), 9999); // Nobody listens: a reset would be due.
        MacAddress.Broadcast.Write(syn);
        await inject(Checked(syn));
        foreach (var group in (uint[])[0xFFFF_FFFF, 0x0A00_00FF, 0xE000_0001])
        {
            BinaryPrimitives.WriteUInt32BigEndian(syn.AsSpan(Ip + 16), group);
            await inject(Checked(syn));
        }
    }, answersMax: 0);

    [Fact]
    [Trait("Hostile", "19")]
    public void Reset_OfNoConnection_IsNotAnswered() => Attack(async (frames, inject) =>
    {
        var syn = frames.First(frame => FlagsOf(frame) is TcpFlags.Syn);
        syn[Tcp + 13] = (byte)TcpFlags.Rst;
        BinaryPrimitives.WriteUInt16BigEndian(syn.AsSpan(Tcp + 2), 9999);
        await inject(Checked(syn));
    }, answersMax: 0);

    [Fact]
    [Trait("Hostile", "21")]
    public void FloodOfSyns_MemoryStaysWithinTheBacklog() => Attack(async (frames, inject) =>
    {
        var syn = frames.First(frame => FlagsOf(frame) is TcpFlags.Syn);
        syn[Ip + 15] = 200; // Nobody has the address: nobody resets what is half open.
        for (var port = 1; port < 20_000; port++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(syn.AsSpan(Tcp), (ushort)port);
            await inject(Checked(syn));
        }
    }, answersMax: 2000);

    [Fact]
    [Trait("Conforms", "RFC 4987 section 3.6")]
    public void QueueOfHalfOpenConnections_AClientStillConnects() => Attack(async (frames, inject) =>
    {
        await InjectSyns(frames, inject, 1, 10_000);
        var beganNs = _host.Loop.NowNs;
        var client = await _pair!.Connect(80);
        Assert.InRange(_host.Loop.NowNs - beganNs, 0, 10_000_000); // At the first attempt, by a cookie.
        client.Abort();
        await client.DisposeAsync();
    });

    // Nobody has the address that they come from: nobody resets what is half open.
    private static async Task InjectSyns(List<byte[]> frames, Func<byte[], Task> inject, int firstPort, int count)
    {
        var syn = frames.First(frame => FlagsOf(frame) is TcpFlags.Syn);
        syn[Ip + 15] = 200;
        for (var port = firstPort; port < firstPort + count; port++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(syn.AsSpan(Tcp), (ushort)port);
            await inject(Checked(syn));
        }
    }

    private void Attack(Func<List<byte[]>, Func<byte[], Task>, Task> attack, int answersMax = int.MaxValue) =>
        _host.Run(async () =>
    {
        var hub = VirtualHub.Create(_host);
        var (left, right, third) = (VirtualHub.Attach(hub), VirtualHub.Attach(hub), VirtualHub.Attach(hub));
        await using var pair = new StackPair<VirtualPort, VirtualPort>(_host, left, right);
        _pair = pair;
        var heard = FrameCollector.On(third);
        await using var listener = pair.Listen(80);
        await Converse(pair, listener);
        var frames =
            heard.DistinctBy(frame => (frame.Length, FlagsOf(frame), frame[12], frame[Ip + 9])).Take(40).ToList();
        Assert.True(frames.Count > 10);

        heard.Clear();
        var injected = 0;
        await attack(frames.ConvertAll(frame => frame.ToArray()), async frame =>
        {
            if (frame.Length <= 1514)
                third.Send(frame);
            if (++injected % 64 == 0)
                await Task.Delay(TimeSpan.FromMilliseconds(1), _host.Time);
        });
        await Task.Delay(TimeSpan.FromMilliseconds(100), _host.Time);

        Assert.InRange(heard.Count, 0, Math.Min(answersMax, 8L * injected));
        Assert.InRange(TcpIp<VirtualPort>.Engine(pair.Right).Count, 0, 300);
        Assert.InRange(TcpIp<VirtualPort>.Engine(pair.Right).Pool.Rented, 0, 1000);
        await Task.Delay(TimeSpan.FromMinutes(5), _host.Time);
        await Converse(pair, listener);
    });

    // Every kind of frame that the stacks send: ARP, ICMP, UDP, fragments, and the whole life of a connection.
    private static async Task Converse(StackPair<VirtualPort, VirtualPort> pair, IListener listener)
    {
        var address = listener.Reachable.Address;
        (await TcpIp<VirtualPort>.Echo(pair.Left, address, Flows.Bytes(2000))).Value();
        using (var port = TcpIp<VirtualPort>.Bind(pair.Left, 0, default(NoDatagrams)).Value())
        {
            var payload = new ReadOnlySequence<byte>(Flows.Bytes(500));
            TcpIp<VirtualPort>.Write(pair.Left, port, new(address, 999), payload).Value();
        }

        var accepting = listener.Accept().AsTask();
        var client = (await TcpIp<VirtualPort>.Connect(pair.Left, listener.Reachable)).Value();
        var server = (await accepting).Value();
        while (server.Remote != client.Local) // One that the attack has completed.
        {
            server.Abort();
            await server.DisposeAsync();
            server = (await listener.Accept()).Value();
        }

        await client.Write(Flows.Bytes(10_000));
        await client.Output.CompleteAsync();
        Assert.Equal(Flows.Bytes(10_000), await server.Input.ReadToEnd());
        await server.DisposeAsync();
        Assert.Empty(await client.Input.ReadToEnd());
        await client.DisposeAsync();
        var refused = await TcpIp<VirtualPort>.Connect(pair.Left, new(address, 81));
        Assert.IsType<TcpError.Refused>(refused.Error());
    }

    private static byte[] Mutated(byte[] frame, SplitMix64 random)
    {
        var copy = frame.ToArray();
        for (var changes = 1 + random.Next(3); changes > 0; changes--)
        {
            var at = 12 + random.Next(Math.Min(copy.Length, 80) - 12);
            copy[at] = random.Next(4) == 0 ? (byte)0 : (byte)random.Next();
        }

        return copy;
    }

    /// <summary>The frame with the checksums that it should have.</summary>
    private static byte[] Checked(byte[] frame)
    {
        var header = (frame[Ip] & 0xF) * 4;
        if (!FrameChecksum.IsIp(frame) || header < 20 || Ip + header > frame.Length)
            return frame;
        var packet = frame.AsSpan(Ip, header);
        packet[10..12].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], InternetChecksum.Compute(packet));
        FrameChecksum.Complete(frame);
        return frame;
    }

    private static TcpFlags FlagsOf(byte[] frame) =>
        frame.Length > Tcp + 13 && frame[12] == 8 && frame[13] == 0 && frame[Ip + 9] == 6
            ? (TcpFlags)frame[Tcp + 13]
            : default;

    private readonly struct NoDatagrams : IDatagramHandler
    {
        public void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload) { }

        public void Unreachable(Endpoint destination, IcmpUnreachable reason) { }

        public void Closed() { }
    }
}
