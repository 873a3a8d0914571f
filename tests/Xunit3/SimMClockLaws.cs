using Mirage.Testing;

namespace Mirage.Xunit3;

/// <summary>A suite under xunit 3: its facts are found and run.</summary>
public sealed class SimMClockLaws : MClockLaws<MClock>;
