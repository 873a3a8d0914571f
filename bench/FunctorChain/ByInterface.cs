using System.Buffers.Binary;

namespace Mirage.Bench;

/// <summary>The same five layers and wire, composed as objects behind an ordinary interface.</summary>
internal static class ByInterface
{
    internal interface IObjectLayer
    {
        int Write(Span<byte> frame, int start);
    }

    /// <summary>Five layers over a wire.</summary>
    public static IObjectLayer Connect(long header)
    {
        IObjectLayer layer = new ObjectWire();
        for (var depth = 0; depth < 5; depth++)
            layer = new ObjectLayer(layer, header);
        return layer;
    }

    private sealed class ObjectLayer(IObjectLayer below, long header) : IObjectLayer
    {
        private long _frames;

        public int Write(Span<byte> frame, int start)
        {
            _frames++;
            start -= sizeof(long);
            BinaryPrimitives.WriteInt64BigEndian(frame[start..], header);
            return below.Write(frame, start);
        }
    }

    private sealed class ObjectWire : IObjectLayer
    {
        private long _frames;

        public int Write(Span<byte> frame, int start)
        {
            _frames++;
            return start;
        }
    }
}
