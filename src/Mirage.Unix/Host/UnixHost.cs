using System.Diagnostics;
using System.Text;

namespace Mirage.Unix;

/// <summary>The world of a Linux process: epoll, the system's clocks, getrandom(2), standard output and the
/// environment.</summary>
public sealed class UnixHost : Host
{
    private const int StandardOutput = 1, StandardError = 2;
    private static readonly UTF8Encoding s_encoding = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>A host whose loop runs on the thread that calls it.</summary>
    public UnixHost() : this(new UnixDriver()) { }

    /// <summary>The host of one queue, beside others.</summary>
    internal UnixHost(Crew crew, int queue) : this()
    {
        (Crew, Queue) = (crew, queue);
    }

    private UnixHost(UnixDriver driver) : base(driver)
    {
        Driver = driver;
        _ = Holdings.Add("descriptors watched", () => driver.WatchCount);
        Out = OpenWriter(StandardOutput);
        Error = OpenWriter(StandardError);
    }

    /// <summary>What the loop waits with, for devices that have descriptors.</summary>
    public UnixDriver Driver { get; }

    /// <summary>Standard output in UTF-8, flushed at every write. When its reader has gone, output is lost without an
    /// error.</summary>
    public override TextWriter Out { get; }

    /// <summary>Standard error, as <see cref="Out"/>.</summary>
    public override TextWriter Error { get; }

    /// <summary>Which queue of its links is this host's, from 0 on: another unikernel runs on each, with a loop and
    /// devices of its own.</summary>
    public int Queue { get; }

    /// <summary>The hosts of the process; null where nobody could begin another one.</summary>
    internal Crew? Crew { get; set; }

    /// <inheritdoc/>
    public override unsafe void FillRandom(Span<byte> destination)
    {
        fixed (byte* start = destination)
        {
            for (var filled = 0; filled < destination.Length;)
            {
                var count = Libc.GetRandom(start + filled, destination.Length - filled, 0);
                if (count > 0)
                    filled += (int)count;
                else if (Errno.Last != Errno.Interrupted)
                    throw new IOException($"The system gives no entropy: {Errno.Describe(Errno.Last)}.");
            }
        }
    }

    /// <inheritdoc/>
    public override string? GetEnvironmentVariable(string name) => Environment.GetEnvironmentVariable(name);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Debug.Assert(!Loop.IsCurrent, "A host is disposed after its loop has ended.");
        Driver.Dispose();
        base.Dispose(disposing);
    }

    // Console would read the terminal's description and set the terminal up: milliseconds that no unikernel needs.
    private static TextWriter OpenWriter(int descriptor) =>
        TextWriter.Synchronized(
            new StreamWriter(new DescriptorStream(descriptor), s_encoding, 4096) { AutoFlush = true });
}
