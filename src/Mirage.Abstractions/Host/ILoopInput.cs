namespace Mirage;

/// <summary>A source of input: a device with frames to take, a descriptor that is ready.</summary>
public interface ILoopInput
{
    /// <summary>Takes a bounded batch and hands it up. True when more is waiting and the loop shall call
    /// again.</summary>
    bool TakeBatch();
}
