namespace Mirage;

/// <summary>What UDP calls for a bound port.</summary>
public interface IDatagramHandler
{
    /// <summary>Takes a datagram that is valid during the call. <paramref name="destination"/> is where it was sent:
    /// broadcast or an own address.</summary>
    void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload);

    /// <summary>
    /// Hears that a datagram to <paramref name="destination"/> did not arrive, RFC 1122 section 4.1.3.3. Ports that are
    /// connected are told, and those that asked by <see cref="BindOptions.ReportsErrors"/>. Who can guess the port can
    /// forge the error.
    /// </summary>
    void Unreachable(Endpoint destination, IcmpUnreachable reason);

    /// <summary>Hears that the transport was disconnected: nothing comes any more. A port that is disposed hears
    /// nothing.</summary>
    void Closed();
}
