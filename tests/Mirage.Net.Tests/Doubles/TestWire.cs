using System.Runtime.CompilerServices;

namespace Mirage.Net.Tests;

/// <summary>The far side of a <see cref="TestNetwork"/>: what the stack wrote lies here, and frames are handed to it
/// from here.</summary>
internal sealed class TestWire
{
    private static readonly ConditionalWeakTable<Host, TestWire> s_wires = [];

    public static readonly MacAddress Mac = MacAddress.Parse("02:00:00:00:00:01");

    public NetworkInfo Info { get; set; } = new(Mac, 1500);

    /// <summary>What the next writes come to.</summary>
    public WriteStatus Status { get; set; } = WriteStatus.Ok;

    /// <summary>Whether written frames are kept; an allocation test turns it off.</summary>
    public bool IsRecording { get; set; } = true;

    public List<WrittenFrame> Written { get; } = [];

    public long WrittenCount { get; set; }

    public Action<ReadOnlyMemory<byte>, bool, ushort>? Listener { get; set; }

    /// <summary>The wire of the network that is booted on <paramref name="host"/>.</summary>
    public static TestWire Of(Host host) => s_wires.GetValue(host, static _ => new TestWire());

    /// <summary>Hands a frame up, Ethernet header included.</summary>
    public void Deliver(ReadOnlyMemory<byte> frame, bool checksumValid = false, ushort segmentSize = 0) =>
        Listener!(frame, checksumValid, segmentSize);

    /// <summary>What was written since the last call.</summary>
    public WrittenFrame[] Take()
    {
        WrittenFrame[] frames = [.. Written];
        Written.Clear();
        return frames;
    }
}
