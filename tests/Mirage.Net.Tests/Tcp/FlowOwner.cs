namespace Mirage.Net.Tests;

/// <summary>Counts what the pipes of a flow tell.</summary>
internal sealed class FlowOwner : IFlowOwner
{
    public int Reads { get; private set; }

    public int Writes { get; private set; }

    /// <summary>Whether the receive queue takes no more.</summary>
    public bool IsFull { get; set; }

    public bool InputCompleted { get; private set; }

    public List<Exception?> OutputCompleted { get; } = [];

    public void HandleRead() => Reads++;

    public bool HandleDemand() => !IsFull;

    public void HandleWritten() => Writes++;

    public void HandleInputCompleted() => InputCompleted = true;

    public void HandleOutputCompleted(Exception? error) => OutputCompleted.Add(error);
}
