namespace Mirage.Unix;

/// <summary>What a <see cref="UnixDriver"/> calls when a descriptor becomes ready.</summary>
public interface IDescriptorHandler
{
    /// <summary>
    /// Takes note and asks the loop for a call, by <see cref="EventLoop.RequestInput"/> or a signal. It is called while
    /// the loop looks for input: it does no I/O and runs nothing of the unikernel.
    /// </summary>
    void Ready(DescriptorEvents events);
}
