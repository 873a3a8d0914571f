using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>A TCP under attack: segments from anybody go in, and what it says to them comes out.</summary>
internal sealed class TcpSite
{
    public const ushort Port = 80;

    private readonly byte[] _image = new byte[2000];
    private readonly TestIp.Core _ip = new();
    private readonly TcpCore<TestIp> _tcp;

    public TcpSite(
        SimHost host, int connectionsMax = TcpLimits.ConnectionsMax, long memoryMax = TcpLimits.MemoryMax)
    {
        _tcp = new(host, new TestIp(_ip), Cubic.Create, connectionsMax, memoryMax);
    }

    public TcpEngine Engine => _tcp;

    public TcpCounters Counters => _tcp.Tally.Counters;

    /// <summary>The window of those who send to it.</summary>
    public ushort Window { get; set; } = 30_000;

    /// <summary>The address that they send to.</summary>
    public IpAddress Destination { get; set; } = Local.Address;

    /// <summary>Segments that it has sent.</summary>
    public long Sent => _ip.Count;

    /// <summary>Whether what it sends is kept to be looked at.</summary>
    public bool Keeps
    {
        get => _ip.Keeps;
        set => _ip.Keeps = value;
    }

    public static Endpoint Local { get; } = new(IpAddress.Parse("10.0.0.1"), Port);

    public IListener Listen(ListenOptions options = default, ushort port = Port) =>
        _tcp.Listen(port, options).Value();

    public ValueTask Disconnect() => _tcp.Disconnect();

    /// <summary>A client by its number: each has another address and port.</summary>
    public static Endpoint Client(int number) =>
        new(IpAddress.FromV4(0x0A01_0000 + (uint)(number / 60_000)), (ushort)(1024 + (number % 60_000)));

    public TcpSite Receives(Endpoint from, TcpFlags flags, uint seq, uint ack = 0, TcpOptions options = default,
        int length = 0, ushort port = Port)
    {
        var header = new TcpHeader(from.Port, port, seq, ack, flags, Window) { Options = options };
        header.Emit(_image);
        _image.AsSpan(header.Size, length).Clear();
        _tcp.Input(new ReceivedPacket
        {
            Source = from.Address,
            Destination = Destination,
            Protocol = IpProtocol.Tcp,
            Payload = new ReceivedFrame(_image.AsSpan(0, header.Size + length), checksumValid: true),
        });
        return this;
    }

    /// <summary>The next segment that it has sent.</summary>
    public TcpHeader Next()
    {
        Assert.True(_ip.Written.TryDequeue(out var written), "A segment is expected and nothing was sent.");
        Assert.Equal(ParseStatus.Ok, TcpHeader.Parse(written.Image, out var header));
        return header;
    }

    public TcpSite SaysNothing()
    {
        Assert.Empty(_ip.Written);
        return this;
    }
}
