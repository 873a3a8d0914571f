using Mirage.Testing;

namespace Mirage.Unix.Tests;

/// <summary>Waiting by epoll.</summary>
public sealed class UnixTimeLaws : TimeLaws<Time>
{
    protected override Host CreateHost(ulong seed) => new UnixHost();
}
