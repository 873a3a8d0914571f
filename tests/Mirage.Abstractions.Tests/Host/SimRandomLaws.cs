using Mirage.Testing;

namespace Mirage.Tests;

/// <summary>The entropy of a simulated host, which follows from its seed.</summary>
public sealed class SimRandomLaws : RandomLaws<HostRandom>;
