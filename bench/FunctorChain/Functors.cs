namespace Mirage.Bench;

/// <summary>Calls a closed functor chain in a loop.</summary>
internal sealed class Functors<TLayer>(TLayer device) where TLayer : struct, ILayer<TLayer>
{
    public long Run(int calls)
    {
        Span<byte> frame = stackalloc byte[64];
        long total = 0;
        for (var call = 0; call < calls; call++)
            total += TLayer.Write(device, frame, frame.Length);
        return total;
    }
}
