using LanguageExt;

namespace Mirage.Net;

/// <summary>A connection that a peer begins to another host: its SYN has come, and nothing was answered.</summary>
/// <remarks>It is decided on once. One that is not decided on for two minutes is forgotten; peers give up
/// before.</remarks>
public sealed class ForwardedConnection
{
    private readonly TcpForwards _forwards;

    internal ForwardedConnection(TcpForwards forwards, TcpFlowKey key, in TcpSyn syn)
    {
        (_forwards, Key, Syn) = (forwards, key, syn);
        Place = new(this);
    }

    /// <summary>The end that the peer connects to.</summary>
    public Endpoint Local => Key.Local;

    /// <summary>The peer's end.</summary>
    public Endpoint Remote => Key.Remote;

    /// <summary>Whether there is nothing to decide any more.</summary>
    public bool IsDecided => Place.List is null;

    internal TcpFlowKey Key { get; }

    /// <summary>What the peer asked for last.</summary>
    internal TcpSyn Syn { get; set; }

    /// <summary>When it is too late.</summary>
    internal long DueNs { get; set; }

    /// <summary>Its place among those that are not decided on.</summary>
    internal LinkedListNode<ForwardedConnection> Place { get; }

    /// <summary>Where its handshake ends, once it was accepted.</summary>
    internal TcpListener? Listener { get; set; }

    /// <summary>Answers the SYN, and completes when the handshake is: with the flow, whose <see cref="IFlow.Local"/> is
    /// the end that the peer connects to, or with why there is none.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled first; the peer is
    /// told by a reset.</exception>
    public ValueTask<Either<TcpError, IFlow>> Accept(
        FlowOptions options = default, CancellationToken cancellation = default) =>
        _forwards.Accept(this, options, cancellation);

    /// <summary>Answers the SYN with a reset. Does nothing when the connection is decided on.</summary>
    public void Refuse() => _forwards.Refuse(this);

    /// <summary>Answers nothing, as if the host were not there. The SYN comes again, and is a new connection
    /// then.</summary>
    public void Ignore() => _forwards.Ignore(this);
}
