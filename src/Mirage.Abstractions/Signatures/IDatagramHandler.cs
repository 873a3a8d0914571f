namespace Mirage;

/// <summary>What UDP calls for each datagram to a bound port.</summary>
public interface IDatagramHandler
{
    /// <summary>Takes a datagram that is valid during the call. <paramref name="destination"/> is where it was sent:
    /// broadcast or an own address.</summary>
    void Input(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload);
}
