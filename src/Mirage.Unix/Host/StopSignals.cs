using System.Runtime.InteropServices;

namespace Mirage.Unix;

/// <summary>SIGINT and SIGTERM: the first asks every unikernel to stop, the second ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly Crew _crew;
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private int _count;

    public StopSignals(Crew crew)
    {
        _crew = crew;
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Handle(context, number: 2));
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, number: 15));
        _ = Libc.Signal(Libc.SignalPipe, Libc.SignalIgnore); // A peer that has gone is an error of the write.
    }

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
    }

    // Runs on a thread of the runtime.
    private void Handle(PosixSignalContext context, int number)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) == 1)
            _crew.RequestStop();
        else
            Libc.ExitAtOnce(128 + number);
    }
}
