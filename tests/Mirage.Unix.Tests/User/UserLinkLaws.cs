using Mirage.Testing;

namespace Mirage.Unix.Tests;

/// <summary>The life cycle of the user-mode network, whose far end is the host's own stack.</summary>
public sealed class UserLinkLaws : DeviceLaws<Netif>
{
    protected override IReadOnlyList<string> Arguments => ["--interface=user"];

    protected override LawOptions Options => LawOptions.Default with { Cases = 10 };

    protected override Host CreateHost(ulong seed) => new UnixHost();
}
