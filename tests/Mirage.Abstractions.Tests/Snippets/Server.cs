// Compiled for docs/functoria.md, which shows what is below the namespace.
using LanguageExt;

namespace Mirage.Tests.Snippets;

public readonly struct Server : IDevice<Server>
{
    private static readonly Key<ushort> s_port = Key.Optional<ushort>("port", 80, "The port.", section: "NETWORK");
    private static readonly Key<Cidr> s_ipv4 = Key.Required<Cidr>("ipv4", "The address.", section: "NETWORK");

    private static readonly Key<Option<IpAddress>> s_gateway =
        Key.Maybe<IpAddress>("ipv4-gateway", "The gateway, if any.");

    private static readonly Key<bool> s_verbose = Key.Flag("verbose", "Say more.");

    private static readonly Key<IReadOnlyList<IpAddress>> s_dns =
        Key.Repeated<IpAddress>("dns-servers", "Whom to ask.");

    private static readonly Key<Mood> s_mood =
        Key.Optional("mood", KeyConverter.Enum<Mood>(), Mood.Merry, "merry or very-sad.", Stage.Configure);

    public static Impl<Server> Impl => (s_port, s_ipv4, s_gateway, s_verbose, s_dns, s_mood).Apply(
        static (port, ipv4, gateway, verbose, dns, mood) => default(Server));
}
