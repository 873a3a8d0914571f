using System.Buffers.Binary;

namespace Mirage.Bench;

/// <summary>A functor: a one-field handle over a class that has the state, applied to the layer below.</summary>
internal readonly struct Layer<TBelow> : ILayer<Layer<TBelow>> where TBelow : struct, ILayer<TBelow>
{
    private readonly Core _core;

    private Layer(Core core) => _core = core;

    public static Impl<Layer<TBelow>> Impl => Mirage.Impl.Of<TBelow>().Map(static below => Connect(below, header: 20));

    public static Layer<TBelow> Connect(TBelow below, long header) => new(new Core(below, header));

    public static int Write(Layer<TBelow> layer, Span<byte> frame, int start) => layer._core.Write(frame, start);

    private sealed class Core(TBelow below, long header)
    {
        private long _frames;

        public int Write(Span<byte> frame, int start)
        {
            _frames++;
            start -= sizeof(long);
            BinaryPrimitives.WriteInt64BigEndian(frame[start..], header);
            return TBelow.Write(below, frame, start);
        }
    }
}
