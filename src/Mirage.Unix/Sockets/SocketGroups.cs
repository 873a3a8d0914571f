using LanguageExt;

namespace Mirage.Unix;

/// <summary>The multicast groups of a kernel socket, ip(7).</summary>
internal static unsafe class SocketGroups
{
    private const int RequestLength = 12;

    /// <summary>What the socket does with groups: it hears of its own ones only, and sends as far as it is
    /// asked to.</summary>
    public static void Prepare(int descriptor, BindOptions options)
    {
        KernelSocket.SetOption(
            descriptor, Libc.LevelIp, Libc.OptionIpMulticastTtl, Math.Max((byte)1, options.MulticastTtl));
        KernelSocket.SetOption(
            descriptor, Libc.LevelIp, Libc.OptionIpMulticastLoop, options.MulticastLoopback ? 1 : 0);
        // Otherwise it would hear of every group that any program of the machine is in.
        KernelSocket.SetOption(descriptor, Libc.LevelIp, Libc.OptionIpMulticastAll, 0);
    }

    /// <summary>Joins a group on the interface that a route to it leads to.</summary>
    public static Either<UdpError, Unit> Join(int descriptor, IpAddress local, IpAddress group)
    {
        if (!group.IsMulticast)
            return Refuse($"{group} is no multicast group");
        if (!group.IsV4)
            return Refuse("groups of IPv6 cannot be joined");
        if (!local.IsUnspecified) // The kernel would take the request and deliver nothing.
            return Refuse($"a port that is bound to {local} gets nothing of a group; open it on 0.0.0.0");
        var error = Change(descriptor, Libc.OptionIpAddMembership, group);
        return error is 0 or Errno.AddressInUse // It is in the group already.
            ? Unit.Default
            : Refuse($"{group} cannot be joined: {Errno.Describe(error)}");
    }

    public static void Leave(int descriptor, IpAddress group)
    {
        if (group.IsV4)
            _ = Change(descriptor, Libc.OptionIpDropMembership, group);
    }

    // struct ip_mreqn: | group (4) | address of the interface (4) | its number (4) |, where 0 leaves it to the routes.
    private static int Change(int descriptor, int option, IpAddress group)
    {
        var request = stackalloc byte[RequestLength];
        group.Write(new Span<byte>(request, RequestLength));
        new Span<byte>(request, RequestLength)[4..].Clear();
        return Libc.SetSocketOption(descriptor, Libc.LevelIp, option, request, RequestLength) == 0 ? 0 : Errno.Last;
    }

    private static UdpError.Link Refuse(string reason) => new(new NetworkError.Unavailable(reason));
}
