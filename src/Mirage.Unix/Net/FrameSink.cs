namespace Mirage.Unix;

/// <summary>The listener of a link, behind one virtual call a frame.</summary>
internal abstract class FrameSink
{
    /// <summary>A sink that calls <paramref name="handler"/>.</summary>
    public static FrameSink Of<THandler>(THandler handler) where THandler : struct, IFrameHandler => new Typed<THandler>(handler);

    public abstract void Input(in ReceivedFrame frame);

    private sealed class Typed<THandler>(THandler handler) : FrameSink where THandler : struct, IFrameHandler
    {
        private THandler _handler = handler;

        public override void Input(in ReceivedFrame frame) => _handler.Input(frame);
    }
}
