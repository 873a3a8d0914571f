using System.IO.Pipelines;

namespace Mirage.Net.Tests;

/// <summary>One end of a connection in memory.</summary>
internal sealed class PipeFlow(Pipe input, Pipe output, ushort port) : IFlow
{
    private static readonly Endpoint s_server = new(IpAddress.LoopbackV4, 80);

    public Endpoint Local { get; } = port == 80 ? s_server : new(IpAddress.LoopbackV4, port);

    public Endpoint Remote { get; } = port == 80 ? new(IpAddress.LoopbackV4, 50000) : s_server;

    public PipeReader Input => input.Reader;

    public PipeWriter Output => output.Writer;

    public bool IsAborted { get; private set; }

    public bool IsDisposed { get; private set; }

    /// <summary>A server's and a client's end, whose pipes hold up to <paramref name="window"/> bytes.</summary>
    public static (PipeFlow Server, PipeFlow Client) Pair(Host host, int window = 65536)
    {
        var options = new PipeOptions(readerScheduler: host.Loop.Scheduler, writerScheduler: host.Loop.Scheduler,
            pauseWriterThreshold: window, resumeWriterThreshold: window / 2, useSynchronizationContext: false);
        var (up, down) = (new Pipe(options), new Pipe(options));
        return (new PipeFlow(up, down, 80), new PipeFlow(down, up, 50000));
    }

    public void Abort()
    {
        IsAborted = true;
        var failure = new FlowException(new TcpError.Reset(Remote));
        output.Writer.CancelPendingFlush();
        input.Writer.Complete(failure);
        output.Writer.Complete(failure);
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        input.Reader.Complete();
        output.Writer.Complete();
        return ValueTask.CompletedTask;
    }
}
