using System.Buffers;
using System.IO.Pipelines;

namespace Mirage.Unix;

/// <summary>Joins two connections to one: bytes, ends of streams and resets go across, and a slow reader slows the far
/// writer down.</summary>
internal static class FlowRelay
{
    /// <summary>Carries both directions until both have ended or the connection broke; then both flows are
    /// closed.</summary>
    public static async Task Run(IFlow left, IFlow right)
    {
        await Task.WhenAll(Carry(left, right), Carry(right, left));
        await left.DisposeAsync();
        await right.DisposeAsync();
    }

    private static async Task Carry(IFlow from, IFlow to)
    {
        try
        {
            while (true)
            {
                var result = await from.Input.ReadAsync();
                Copy(result.Buffer, to.Output);
                from.Input.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                    break;
                await to.Output.FlushAsync();
            }

            await to.Output.CompleteAsync();
        }
        catch (FlowException)
        {
            // Whichever side broke, the other one learns it by a reset; aborting the broken one does nothing.
            from.Abort();
            to.Abort();
        }
    }

    private static void Copy(in ReadOnlySequence<byte> bytes, PipeWriter to)
    {
        foreach (var piece in bytes)
            to.Write(piece.Span);
    }
}
