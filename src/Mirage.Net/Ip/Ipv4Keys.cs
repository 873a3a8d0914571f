using LanguageExt;

namespace Mirage.Net;

/// <summary>The keys of IPv4, for its layer and for a link that has to know the unikernel's address.</summary>
internal static class Ipv4Keys
{
    /// <summary>The section of the help that keys of links and of IP stand in.</summary>
    public const string Section = "NETWORK";

    /// <summary>The address and the network.</summary>
    public static Key<Cidr> Address { get; } = Key.Optional("ipv4", Cidr.Parse("10.0.0.2/24"),
        "The IPv4 address of the unikernel and its network.", section: Section);

    /// <summary>The gateway.</summary>
    public static Key<Option<IpAddress>> Gateway { get; } = Key.Maybe<IpAddress>("ipv4-gateway",
        "The IPv4 address of the gateway to other networks.", section: Section);
}
