namespace Mirage.Net;

/// <summary>The listener of a link behind one virtual call, for links whose own type does not name it.</summary>
internal abstract class FrameSink
{
    public abstract void Input(in ReceivedFrame frame);

    public static FrameSink Of<THandler>(THandler handler) where THandler : struct, IFrameHandler =>
        new Sink<THandler>(handler);

    private sealed class Sink<THandler>(THandler handler) : FrameSink where THandler : struct, IFrameHandler
    {
        public override void Input(in ReceivedFrame frame) => handler.Input(frame);
    }
}
