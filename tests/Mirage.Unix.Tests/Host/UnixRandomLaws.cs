using Mirage.Testing;

namespace Mirage.Unix.Tests;

/// <summary>The entropy of the system.</summary>
public sealed class UnixRandomLaws : RandomLaws<HostRandom>
{
    protected override bool FollowsFromSeed => false;

    protected override Host CreateHost(ulong seed) => new UnixHost();
}
