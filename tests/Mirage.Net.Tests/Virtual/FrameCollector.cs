using System.Buffers;

namespace Mirage.Net.Tests;

/// <summary>Keeps a copy of every frame of a link.</summary>
internal readonly struct FrameCollector(List<byte[]> frames) : IFrameHandler
{
    public static List<byte[]> On<TNetwork>(TNetwork network) where TNetwork : struct, INetwork<TNetwork>
    {
        var frames = new List<byte[]>();
        TNetwork.Listen(network, new FrameCollector(frames));
        return frames;
    }

    public void Input(in ReceivedFrame frame) => frames.Add(frame.Bytes.ToArray());
}

/// <summary>Sends whole frames on a link.</summary>
internal static class FrameSender
{
    private const int EthernetHeader = 14;

    public static WriteStatus Send<TNetwork>(this TNetwork network, params byte[] bytes)
        where TNetwork : struct, INetwork<TNetwork>
    {
        var frame =
            new TransmitFrame(new byte[TransmitFrame.Room], new ReadOnlySequence<byte>(bytes.AsMemory(EthernetHeader)));
        bytes.AsSpan(0, EthernetHeader).CopyTo(frame.Prepend(EthernetHeader));
        return TNetwork.Write(network, ref frame);
    }

    /// <summary>A frame that holds <paramref name="number"/>, recognisable by its last bytes.</summary>
    public static byte[] Numbered(int number, int length = 64)
    {
        var frame = new byte[length];
        frame[12] = 8; // IPv4.
        frame[^1] = (byte)number;
        frame[^2] = (byte)(number >> 8);
        return frame;
    }

    public static int NumberOf(byte[] frame) => frame[^1] | (frame[^2] << 8);
}
