using System.Globalization;
using System.Net;

namespace Mirage;

/// <summary>One end of a TCP connection or a UDP exchange.</summary>
/// <param name="Address">The host.</param>
/// <param name="Port">The port, host order.</param>
public readonly record struct Endpoint(IpAddress Address, ushort Port)
{
    /// <summary>The same end in the framework's type.</summary>
    public IPEndPoint ToIPEndPoint() => new(Address.ToIPAddress(), Port);

    /// <summary>The end that <paramref name="endPoint"/> holds.</summary>
    public static Endpoint From(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return new(IpAddress.From(endPoint.Address), (ushort)endPoint.Port);
    }

    /// <summary><c>10.0.0.2:80</c> or <c>[fd00::2]:80</c>.</summary>
    public override string ToString() => Address.IsV4
        ? string.Create(CultureInfo.InvariantCulture, $"{Address}:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"[{Address}]:{Port}");
}
