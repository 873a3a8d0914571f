using Mirage.Testing;

namespace Mirage.Unix.Tests;

/// <summary>The monotonic clock of the system.</summary>
public sealed class UnixMClockLaws : MClockLaws<MClock>
{
    protected override Host CreateHost(ulong seed) => new UnixHost();
}
