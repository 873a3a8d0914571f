using System.Buffers;

namespace Mirage;

/// <summary>What can be done with any flow.</summary>
public static class FlowExtensions
{
    /// <summary>The flow as a stream, which owns it from now on.</summary>
    public static FlowStream AsStream(this IFlow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return new(flow);
    }

    /// <summary>
    /// Joins two connections to one, until both directions have ended or one of the connections broke; then both flows
    /// are disposed. Bytes, ends of streams and resets go across, and a slow reader slows the far writer down.
    /// </summary>
    public static async Task Splice(this IFlow left, IFlow right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        try
        {
            await Task.WhenAll(Carry(left, right), Carry(right, left));
        }
        finally
        {
            await left.DisposeAsync();
            await right.DisposeAsync();
        }
    }

    private static async Task Carry(IFlow from, IFlow to)
    {
        try
        {
            while (true)
            {
                var result = await from.Input.ReadAsync();
                foreach (var piece in result.Buffer)
                    to.Output.Write(piece.Span);
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
}
