using LanguageExt;
using Mirage.Net;

namespace Mirage.Unix;

/// <summary>The addresses of a user-mode network.</summary>
/// <param name="Guest">The unikernel's.</param>
/// <param name="Gateway">The gateway's, in the same network.</param>
internal sealed record UserNetwork(IpAddress Guest, Cidr Gateway)
{
    /// <summary>The network around the unikernel's address: the gateway has the first address, or the second when the
    /// unikernel has the first.</summary>
    public static Either<ConnectError, UserNetwork> Around(Cidr guest)
    {
        const int LongestPrefix = 30; // Two hosts beside the network's own address and its broadcast.
        if (Ipv4Routes.Fault(guest, null) is { } fault)
            return new ConnectError($"--ipv4: {fault}", "give the address of a host in its network, as 10.0.0.2/24");

        if (guest.Length > LongestPrefix)
            return new ConnectError(
                $"--ipv4: {guest} has no room for the gateway of the user-mode network",
                "give an address with a shorter prefix, as 10.0.0.2/24");

        var first = guest.Network.V4 + 1;
        var gateway = new Cidr(IpAddress.FromV4(first == guest.Address.V4 ? first + 1 : first), guest.Length);
        if (Ipv4Routes.Fault(gateway, null) is not null)
            return new ConnectError(
                $"--ipv4: the network of {guest} begins at {guest.Network}, where no gateway can be",
                "give an address with a longer prefix, as 10.0.0.2/24");
        return new UserNetwork(guest.Address, gateway);
    }
}
