using Mirage.Testing;

namespace Mirage.Unix.Tests;

/// <summary>The time of day of the system.</summary>
public sealed class UnixPClockLaws : PClockLaws<PClock>
{
    protected override Host CreateHost(ulong seed) => new UnixHost();
}
