namespace Mirage.Bench;

/// <summary>The device at the bottom of the functor chain.</summary>
internal readonly struct Wire : ILayer<Wire>
{
    private readonly Core _core;

    private Wire(Core core) => _core = core;

    public static Impl<Wire> Impl => Mirage.Impl.Pure(Connect());

    public static Wire Connect() => new(new Core());

    public static int Write(Wire wire, Span<byte> frame, int start)
    {
        wire._core.Frames++;
        return start;
    }

    private sealed class Core
    {
        public long Frames { get; set; }
    }
}
