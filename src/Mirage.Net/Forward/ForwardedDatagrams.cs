using System.Buffers;
using LanguageExt;

namespace Mirage.Net;

/// <summary>The datagrams between one port of a peer and one port of another host, for which the stack
/// answers.</summary>
public sealed class ForwardedDatagrams : IDisposable
{
    private readonly UdpForwards _forwards;

    internal ForwardedDatagrams(UdpForwards forwards, UdpBinding ends)
    {
        (_forwards, Ends) = (forwards, ends);
        Place = new(this);
    }

    /// <summary>The end that the peer sends to.</summary>
    public Endpoint Local => Ends.Local;

    /// <summary>The peer's end.</summary>
    public Endpoint Remote => Ends.Remote;

    internal UdpBinding Ends { get; }

    /// <summary>Its place among those that are silent as long.</summary>
    internal LinkedListNode<ForwardedDatagrams> Place { get; }

    /// <summary>Whether something was sent to the peer.</summary>
    internal bool IsAnswered { get; set; }

    /// <summary>When it will have been silent too long.</summary>
    internal long DueNs { get; set; }

    internal IForwardReceiver? Receiver { get; set; }

    /// <summary>Sends one datagram to the peer, from <see cref="Local"/>. A lost datagram is no error.</summary>
    public Either<UdpError, Unit> Write(ReadOnlySequence<byte> payload) => _forwards.Write(this, payload);

    /// <summary>Ends the flow: the peer's next datagram begins another one.</summary>
    public void Dispose() => _forwards.TryForget(this);
}
