namespace Mirage.Net;

/// <summary>Who decides on what peers send to other hosts, <see cref="TcpIp{TNetwork}.Forward"/>. Called on the
/// loop.</summary>
public interface IForwardHandler
{
    /// <summary>A peer wants to connect to another host. Nothing is answered until the connection is accepted or
    /// refused, now or later.</summary>
    void Connecting(ForwardedConnection connection);

    /// <summary>A peer sends its first datagram from one port to one port of another host.</summary>
    /// <param name="flow">The two ends, by which answers are sent.</param>
    /// <returns>Who takes this datagram and the next ones; null answers that there is no such port.</returns>
    IForwardReceiver? Sending(ForwardedDatagrams flow);
}
