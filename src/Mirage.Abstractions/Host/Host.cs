using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mirage;

/// <summary>The world that a boot runs in: loop, time, entropy, logs, text output and the request to stop.</summary>
/// <remarks>Devices are given their host through <see cref="Impl.BootHost"/>; nothing is ambient, so several worlds do
/// not meet.</remarks>
public abstract class Host : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>A host whose loop waits by <paramref name="driver"/>.</summary>
    protected Host(LoopDriver driver)
    {
        Loop = new EventLoop(driver);
        _ = Holdings.Add("armed timers", () => Loop.ArmedTimers);
        _ = Holdings.Add("inputs that wait for the loop", () => Loop.PendingInputs);
    }

    /// <summary>The thread of everything that runs here.</summary>
    public EventLoop Loop { get; }

    /// <summary>The clock and the timers of <see cref="Loop"/>.</summary>
    public TimeProvider Time => Loop.Time;

    /// <summary>What the devices on this host hold now.</summary>
    public Holdings Holdings { get; } = new();

    /// <summary>Whether pools overwrite what is returned to them with 0xCD, so that a use after the return
    /// shows.</summary>
    public virtual bool PoisonsReturned =>
#if DEBUG
        true;
#else
        false;
#endif

    /// <summary>Makes the loggers of devices. The boot sets it once the level of each source is known.</summary>
    public ILoggerFactory Logs { get; set; } = NullLoggerFactory.Instance;

    /// <summary>Cancelled when the host is asked to shut down.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Where help, descriptions and a console's lines go.</summary>
    public abstract TextWriter Out { get; }

    /// <summary>Where errors and logs go.</summary>
    public abstract TextWriter Error { get; }

    /// <summary>Fills <paramref name="destination"/> from the host's source of entropy.</summary>
    public abstract void FillRandom(Span<byte> destination);

    /// <summary>The variable of the environment, or null.</summary>
    public abstract string? GetEnvironmentVariable(string name);

    /// <summary>Asks the unikernel to shut down in order. Callable on the loop.</summary>
    public void RequestStop() => _stopping.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the host holds of the system.</summary>
    protected virtual void Dispose(bool disposing) => _stopping.Dispose();
}
