namespace Mirage.Testing;

/// <summary>A packet of the stack, and when it came.</summary>
internal readonly record struct ScriptArrival(long AtNs, Packet Packet);
