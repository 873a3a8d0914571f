namespace Mirage.Bench;

/// <summary>A layer that a frame passes on its way down: the shape of this project's signatures, with the least work in
/// it.</summary>
internal interface ILayer<TSelf> : IDevice<TSelf> where TSelf : struct, ILayer<TSelf>
{
    /// <summary>Puts the layer's header before what <paramref name="frame"/> has from <paramref name="start"/> on,
    /// counts the frame and hands it down. Gives where the frame begins in the end.</summary>
    static abstract int Write(TSelf layer, Span<byte> frame, int start);
}
