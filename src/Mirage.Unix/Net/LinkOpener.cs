using System.Buffers.Binary;
using LanguageExt;

namespace Mirage.Unix;

/// <summary>Opens what the key <c>--interface</c> names.</summary>
internal static class LinkOpener
{
    /// <summary>The name of the user-mode network.</summary>
    public const string User = "user";

    /// <summary>Queues of one TAP.</summary>
    public const int QueuesMax = 64;

    private const int BusyPollUsMax = 10_000;

    /// <summary>The link, or what was wrong and what the user can do. Links need a <see cref="UnixHost"/>.</summary>
    public static Either<ConnectError, Link> Open(Host host, LinkSettings settings)
    {
        if (host is not UnixHost unix)
            return new ConnectError("a Netif needs a Linux process", "use a virtual link in simulation");
        if (settings.Mac.Exists(static mac => mac.IsGroup))
            return new ConnectError(
                "--mac: the address of a group, from which no station sends",
                "write an even first octet, as 02:00:00:00:00:01");

        if (settings.Queues is < 1 or > QueuesMax)
            return new ConnectError($"--queues: {settings.Queues} queues", $"write a number from 1 to {QueuesMax}");
        if (settings.BusyPollUs.Case is int busyPollUs)
        {
            if (busyPollUs is < 0 or > BusyPollUsMax)
                return new ConnectError(
                    $"--busy-poll: {busyPollUs} µs", $"write a number from 0 to {BusyPollUsMax}");
            unix.Driver.BusyPollMax = TimeSpan.FromMicroseconds(busyPollUs);
        }

        var isTap = settings.Name != User && !InheritedOpener.IsDescriptor(settings.Name);
        if (settings.Queues > 1)
            return isTap
                ? QueueOpener.Open(unix, settings, () => RandomMac(host))
                : new ConnectError($"{settings.Name}: has one queue", "leave --queues out, or name a TAP");

        var mac = settings.Mac.IfNone(() => RandomMac(host));
        if (settings.Name == User)
        {
            if (settings.Forwards.GroupBy(static forward => forward.Host)
                .FirstOrDefault(static same => same.Distinct().Skip(1).Any()) is { } twice)
                return new ConnectError(
                    $"--forward: port {twice.Key} of this machine would lead to {Ends(twice)} of the unikernel",
                    "give each its own, as --forward=8080:80 --forward=8443:443");

            return UserNetwork.Around(settings.Address)
                .Map<Link>(network => new UserLink(unix, mac, network, settings.Forwards));
        }

        var device = isTap
            ? TapOpener.Open(settings.Name, settings.UsesOffload)
            : InheritedOpener.Open(settings.Name, settings.UsesOffload);
        return device.Bind(opened => Attach(unix, settings.Name, opened, mac));
    }

    private static Either<ConnectError, Link> Attach(UnixHost host, string name, FrameDescriptor device, MacAddress mac)
    {
        try
        {
            return new DescriptorLink(host, device, mac);
        }
        catch (IOException error)
        {
            _ = Libc.Close(device.Descriptor);
            return new ConnectError($"{name}: {error.Message}", "pass another descriptor");
        }
    }

    private static string Ends(IEnumerable<PortForward> forwards) =>
        string.Join(" and ", forwards.Select(static forward => forward.Guest).Distinct());

    private static MacAddress RandomMac(Host host)
    {
        Span<byte> seed = stackalloc byte[sizeof(ulong)];
        host.FillRandom(seed);
        return MacAddress.Local(BinaryPrimitives.ReadUInt64LittleEndian(seed));
    }
}
