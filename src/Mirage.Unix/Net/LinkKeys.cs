using LanguageExt;

namespace Mirage.Unix;

/// <summary>The keys of network interfaces.</summary>
internal static class LinkKeys
{
    private static readonly Key<string> s_interface = Key.Optional("interface", KeyConverter.Text, "user",
        "the link: tap0 or another TAP, fd:N for an inherited descriptor, user for the user-mode network");

    private static readonly Key<Option<MacAddress>> s_mac = Key.Maybe<MacAddress>("mac", "the address to send from; a random one unless given");

    /// <summary>Opens the link that the keys name.</summary>
    public static Impl<T> Open<T>(Func<Link, T> make) => (Mirage.Impl.BootHost, s_interface, s_mac).Apply(
        (host, name, mac) => new ValueTask<Either<ConnectError, T>>(LinkOpener.Open(host, name, mac).Map(make))).Connect();
}
