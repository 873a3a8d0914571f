using Mirage.Testing;

namespace Mirage.Tests;

/// <summary>The time of day of a simulated host.</summary>
public sealed class SimPClockLaws : PClockLaws<PClock>;
