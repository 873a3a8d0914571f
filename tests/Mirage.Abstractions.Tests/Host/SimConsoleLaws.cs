using Mirage.Testing;

namespace Mirage.Tests;

/// <summary>The life of the console of a simulated host.</summary>
public sealed class SimConsoleLaws : DeviceLaws<HostConsole>;
