using System.Runtime.CompilerServices;

namespace Mirage;

/// <summary>What can be done with any listener.</summary>
public static class ListenerExtensions
{
    /// <summary>
    /// The connections as they come; the sequence ends when the listener is disposed. Leaving it, or cancelling it,
    /// loses no connection: those that were not given out wait for the next to accept.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static IAsyncEnumerable<IFlow> AcceptAll(this IListener listener, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return Accept(listener, cancellation);
    }

    // A connection leaves the listener only as the value of an Accept that has succeeded, and is given out at once.
    private static async IAsyncEnumerable<IFlow> Accept(
        IListener listener, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while ((await listener.Accept(cancellation)).Case is IFlow flow)
            yield return flow;
    }
}
