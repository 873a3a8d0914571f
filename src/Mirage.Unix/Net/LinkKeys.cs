using LanguageExt;
using Mirage.Net;

namespace Mirage.Unix;

/// <summary>The keys of network interfaces.</summary>
internal static class LinkKeys
{
    private static readonly Key<string> s_interface = Key.Optional("interface", KeyConverter.Text, LinkOpener.User,
        "The link: tap0 or another TAP, fd:N for an inherited descriptor, user for the user-mode network.",
        section: Ipv4Keys.Section);

    private static readonly Key<Option<MacAddress>> s_mac = Key.Maybe<MacAddress>("mac",
        "The address to send frames from; a random one unless given.", section: Ipv4Keys.Section);

    private static readonly Key<IReadOnlyList<PortForward>> s_forward = Key.Repeated("forward", PortForward.Converter,
        "The port of this machine that the user-mode network leads to a port of the unikernel; the same unless given.",
        section: Ipv4Keys.Section);

    private static readonly Key<bool> s_offload = Key.Optional("link-offload",
        KeyConverter.OneOf(("on", true), ("off", false)), true,
        "Whether a TAP's kernel sums and cuts long frames, as far as it can; off to see each packet in a capture.",
        section: Ipv4Keys.Section);

    private static readonly Key<int> s_queues = Key.Optional("queues", 1,
        "Queues of the TAP: as many unikernels run, each on a thread of its own, and share its connections.",
        section: Ipv4Keys.Section);

    private static readonly Key<Option<int>> s_busyPoll = Key.Maybe<int>("busy-poll",
        "Microseconds for which the loop looks for a frame before it sleeps, while frames come that soon, and keeps a "
        + "processor busy; 0 for never, 100 unless given.",
        section: Ipv4Keys.Section);

    private static readonly Impl<(bool Offload, int Queues, Option<int> BusyPoll)> s_kernel =
        (s_offload, s_queues, s_busyPoll).Apply(static (offload, queues, poll) => (offload, queues, poll));

    /// <summary>The link that the keys name, opened.</summary>
    public static Impl<Link> Link =>
        (Mirage.Impl.BootHost, s_interface, s_mac, Ipv4Keys.Address, s_forward, s_kernel).Apply(
            static (host, name, mac, address, forwards, kernel) => new ValueTask<Either<ConnectError, Link>>(
                LinkOpener.Open(host, new(name, mac, address, forwards)
                {
                    UsesOffload = kernel.Offload,
                    Queues = kernel.Queues,
                    BusyPollUs = kernel.BusyPoll,
                }))).Connect();
}
