namespace Mirage.Net;

/// <summary>Chooses how the connections of a TCP share the network: the type argument of
/// <see cref="Tcp{TIp, TCongestion}"/>.</summary>
/// <remarks>The choice is made when the type is closed. The window itself is an object of the connection, as its other
/// state is, so that one body of TCP serves every choice.</remarks>
public interface ICongestionControl
{
    /// <summary>A window for a new connection.</summary>
    static abstract CongestionControl Create();
}
