using Mirage.Testing;

namespace Mirage.Tests;

/// <summary>The monotonic clock of a simulated host.</summary>
public sealed class SimMClockLaws : MClockLaws<MClock>;
