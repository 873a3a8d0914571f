using System.IO.Pipelines;

namespace Mirage.Net;

/// <summary>A connection as the application has it, once it is established.</summary>
internal abstract class TcpFlow : ITcpFlow
{
    public abstract Endpoint Local { get; }

    public abstract Endpoint Remote { get; }

    public abstract TcpInfo Info { get; }

    public PipeReader Input => Reader!;

    public PipeWriter Output => Writer!;

    /// <summary>Whether the connection has been established, so that the application can have it.</summary>
    public bool IsFlow => Reader is not null;

    protected FlowReader? Reader { get; private set; }

    protected FlowWriter? Writer { get; private set; }

    public abstract void Abort();

    public abstract ValueTask DisposeAsync();

    /// <summary>The connection is established.</summary>
    protected void Establish(FlowReader reader, FlowWriter writer) => (Reader, Writer) = (reader, writer);

    /// <summary>Reading and flushing fail from now on.</summary>
    protected void Break(TcpError error)
    {
        Reader?.HandleFailure(error);
        Writer?.HandleFailure(error);
    }
}
