using System.Buffers;
using Mirage.Net;

namespace Mirage.Testing.Tests;

/// <summary>What a planted link has.</summary>
public sealed class PlantedLinkCore(Host host, VirtualPort port)
{
    public Host Host => host;

    public VirtualPort Port => port;

    /// <summary>Who listens.</summary>
    public Action<byte[]> Listener { get; set; } = static _ => { };

    /// <summary>A frame that was not sent yet.</summary>
    public byte[]? Held { get; set; }

    /// <summary>Frames that were written.</summary>
    public int Count { get; set; }

    public static byte[] Copy(in TransmitFrame frame)
    {
        var bytes = new byte[frame.Length];
        frame.CopyTo(bytes);
        return bytes;
    }

    public WriteStatus Send(byte[] bytes)
    {
        var frame = new TransmitFrame(new byte[TransmitFrame.Room], new ReadOnlySequence<byte>(bytes.AsMemory(14)));
        bytes.AsSpan(0, 14).CopyTo(frame.Prepend(14));
        return VirtualPort.Write(port, ref frame);
    }

    /// <summary>Sends what was held.</summary>
    public void Flush()
    {
        if (Held is { } held)
            Send(held);
        Held = null;
    }
}
