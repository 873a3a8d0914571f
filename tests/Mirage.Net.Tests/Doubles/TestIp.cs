namespace Mirage.Net.Tests;

/// <summary>An IP layer that keeps what is written to it: TCP segments, without a link and without time.</summary>
internal readonly struct TestIp(TestIp.Core core) : IIp<TestIp>
{
    public const int MtuBytes = 1500;

    private readonly Core _core = core;

    public static Impl<TestIp> Impl => throw new NotSupportedException();

    public static IReadOnlyList<Cidr> Addresses(TestIp ip) => [Cidr.Parse("10.0.0.1/24")];

    public static bool IsLocal(TestIp ip, IpAddress address) => address == IpAddress.Parse("10.0.0.1");

    public static bool TryGetSource(TestIp ip, IpAddress destination, out IpAddress source)
    {
        source = IpAddress.Parse("10.0.0.1");
        return true;
    }

    public static int Mtu(TestIp ip, IpAddress destination) => MtuBytes;

    public static NetworkInfo Link(TestIp ip) => new(default, MtuBytes) { ChecksumOffload = true };

    public static WriteStatus Write(TestIp ip, in IpHeader header, ref TransmitFrame frame)
    {
        ip._core.Count++;
        if (!ip._core.Keeps)
            return default;
        var image = new byte[frame.Length];
        frame.CopyTo(image);
        ip._core.Written.Enqueue((header.Destination, image));
        return default;
    }

    public static void Input<THandler>(TestIp ip, in ReceivedFrame frame, THandler handler)
        where THandler : struct, IIpHandler => throw new NotSupportedException();

    /// <summary>What was written.</summary>
    internal sealed class Core
    {
        public bool Keeps { get; set; } = true;

        public long Count { get; set; }

        public Queue<(IpAddress Destination, byte[] Image)> Written { get; } = new();
    }
}
