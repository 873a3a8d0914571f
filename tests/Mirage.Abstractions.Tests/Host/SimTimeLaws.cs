using Mirage.Testing;

namespace Mirage.Tests;

/// <summary>Waiting in virtual time.</summary>
public sealed class SimTimeLaws : TimeLaws<Time>;
