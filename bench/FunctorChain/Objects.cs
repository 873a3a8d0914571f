namespace Mirage.Bench;

/// <summary>Calls the chain of objects in a loop.</summary>
internal sealed class Objects(ByInterface.IObjectLayer device)
{
    public long Run(int calls)
    {
        Span<byte> frame = stackalloc byte[64];
        long total = 0;
        for (var call = 0; call < calls; call++)
            total += device.Write(frame, frame.Length);
        return total;
    }
}
