using System.IO.Pipelines;

namespace Mirage.Net;

/// <summary>The application's end of a connection.</summary>
internal sealed class TcpFlow(EventLoop loop, TcpConnection connection) : ITcpFlow
{
    public Endpoint Local => connection.Key.Local;

    public Endpoint Remote => connection.Key.Remote;

    public TcpInfo Info => connection.Info;

    public PipeReader Input => Reader;

    public PipeWriter Output => Writer;

    internal FlowReader Reader { get; } = new(loop, connection.Receive, connection);

    internal FlowWriter Writer { get; } = new(
        loop, connection.Send, connection, connection.Parameters.SendBuffer);

    public void Abort() => connection.Abort();

    public ValueTask DisposeAsync()
    {
        if (connection.Parameters.Linger == TimeSpan.Zero)
            connection.Abort();
        connection.Detach();
        return connection.Linger();
    }

    /// <summary>Reading and flushing fail from now on.</summary>
    internal void Fail(TcpError error)
    {
        Reader.HandleFailure(error);
        Writer.HandleFailure(error);
    }
}
