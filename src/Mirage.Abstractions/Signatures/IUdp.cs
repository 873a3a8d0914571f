using System.Buffers;
using LanguageExt;

namespace Mirage;

/// <summary>Datagrams, RFC 768: MirageOS's UDP.</summary>
/// <typeparam name="TSelf">The type that implements the signature.</typeparam>
public interface IUdp<TSelf> : IDevice<TSelf> where TSelf : struct, IUdp<TSelf>
{
    /// <summary>
    /// Calls <paramref name="handler"/> on the loop for each datagram to <paramref name="port"/>; port 0 asks for a
    /// free one. Such a port is a client's, as a connected one is, and a link that stands between the unikernel and its
    /// clients does not open it to them.
    /// </summary>
    /// <remarks>One number may be bound several times, to different addresses and peers. A datagram goes to the port
    /// that is connected to its source, else to the one that is bound to the address it was sent to, else to the one
    /// that takes every address.</remarks>
    /// <returns>The port's handle, which unbinds when it is disposed, or why it could not be bound.</returns>
    static abstract Either<UdpError, UdpPort> Bind<THandler>(
        TSelf udp, ushort port, THandler handler, BindOptions options = default)
        where THandler : struct, IDatagramHandler;

    /// <summary>
    /// Sends one datagram from <paramref name="source"/>, a port that was bound, before the call returns. A lost
    /// datagram is no error.
    /// </summary>
    static abstract Either<UdpError, Unit> Write(
        TSelf udp, UdpPort source, Endpoint destination, ReadOnlySequence<byte> payload);

    /// <summary>
    /// Sends <paramref name="payload"/> as datagrams of <paramref name="segmentSize"/> bytes, of which the last may be
    /// shorter, as <see cref="Write"/> would one by one, and cheaper where the device below cuts them. No bytes are one
    /// empty datagram.
    /// </summary>
    /// <returns>The error of the first datagram that could not be sent; the later ones are not.</returns>
    static virtual Either<UdpError, Unit> WriteSegments(
        TSelf udp, UdpPort source, Endpoint destination, ReadOnlySequence<byte> payload, int segmentSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(segmentSize, 1);
        while (payload.Length > segmentSize)
        {
            var sent = TSelf.Write(udp, source, destination, payload.Slice(0, segmentSize));
            if (sent.IsLeft)
                return sent;
            payload = payload.Slice(segmentSize);
        }

        return TSelf.Write(udp, source, destination, payload);
    }

    /// <summary>The port takes what is sent to its number in the multicast group <paramref name="group"/> as well, from
    /// every source, RFC 1112. A port that is in the group already stays in it; disposing the port leaves it.</summary>
    /// <remarks>Every port of that number which is in the group gets the datagram.</remarks>
    /// <returns>Why it does not; the stack takes no groups unless it says so.</returns>
    static virtual Either<UdpError, Unit> Join(TSelf udp, UdpPort port, IpAddress group) =>
        new UdpError.Link(new NetworkError.Unavailable("this stack takes no multicast groups"));

    /// <summary>Ends <see cref="Join"/>; does nothing when the port is not in the group.</summary>
    static virtual void Leave(TSelf udp, UdpPort port, IpAddress group) { }
}
