using System.Collections.Concurrent;
using Mirage.Testing;

namespace Mirage.Interop;

/// <summary>A namespace whose stack of the kernel has one way out, a TAP device, and we are all that is behind
/// it.</summary>
internal sealed class KernelWorld : IDisposable
{
    private const int FrameMax = 65_536, DestinationOffset = 14 + 16;

    private readonly Namespace _inside = new();
    private readonly ConcurrentDictionary<uint, BlockingCollection<byte[]>> _peers = new();
    private readonly Thread _reader;
    private readonly CancellationTokenSource _end = new();
    private int _descriptor = -1;

    public KernelWorld()
    {
        var tap = new Tap(_inside);
        // In the order in which the kernel sends, one queue: what answers an echo request comes behind what was sent
        // before. Nothing that real time decides between two steps: no limit of answers in time, none that is
        // put off for others, no probe after two round trips of nearly nothing, no timeout before a second.
        _inside.Must($"""
            ip link set {tap.Name} address {PacketScript.StackMac}
            tc qdisc replace dev {tap.Name} root pfifo limit 1000
            ip neigh add 10.0.0.2 lladdr {PacketScript.PeerMac} dev {tap.Name} nud permanent
            ip route add 10.1.0.0/16 via 10.0.0.2 rto_min 1s
            cd /proc/sys/net/ipv4 && echo 1 >../ipv6/conf/all/disable_ipv6 && echo 1 >tcp_no_metrics_save
            echo 0 | tee tcp_invalid_ratelimit icmp_ratelimit tcp_comp_sack_nr tcp_early_retrans
            """);
        KernelCalls.Enter(_inside.Name, () => _descriptor = KernelCalls.OpenTap(tap.Name)).Join();
        _reader = new(ReadAll);
        _reader.Start();
    }

    /// <summary>The namespace.</summary>
    public string Name => _inside.Name;

    /// <summary>The kernel's address.</summary>
    public static IpAddress Address => IpAddress.Parse("10.0.0.1");

    /// <summary>The frames for a peer from now on.</summary>
    public BlockingCollection<byte[]> Join(IpAddress peer)
    {
        Span<byte> octets = stackalloc byte[4];
        peer.Write(octets);
        return _peers.GetOrAdd(BitConverter.ToUInt32(octets), _ => []);
    }

    /// <summary>A peer's frame goes to the kernel, which has done with it what can be done at once.</summary>
    public void Send(byte[] frame) => KernelCalls.WriteFrame(_descriptor, frame);

    public void Dispose()
    {
        _end.Cancel();
        _reader.Join();
        _ = KernelCalls.CloseDescriptor(_descriptor);
        _inside.Dispose();
        _end.Dispose();
    }

    private void ReadAll()
    {
        var buffer = new byte[FrameMax];
        while (!_end.IsCancellationRequested)
        {
            var length = KernelCalls.ReadFrame(_descriptor, buffer);
            if (length >= DestinationOffset + 4
                && _peers.TryGetValue(BitConverter.ToUInt32(buffer, DestinationOffset), out var frames))
                frames.Add(buffer[..length]);
        }
    }
}
