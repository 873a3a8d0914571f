namespace Mirage.Testing;

/// <summary>One connection of a script: its ports, and what its relative numbers are relative to.</summary>
public sealed class ScriptConnection
{
    private readonly PacketScript _script;

    internal ScriptConnection(PacketScript script, ushort stackPort, ushort peerPort, uint peerInitial)
    {
        _script = script;
        (StackPort, PeerPort, PeerInitial) = (stackPort, peerPort, peerInitial);
    }

    /// <summary>The stack's port; 0 until the stack has chosen it.</summary>
    public ushort StackPort { get; internal set; }

    /// <summary>The peer's port.</summary>
    public ushort PeerPort { get; }

    /// <summary>The initial sequence number of the peer.</summary>
    public uint PeerInitial { get; }

    /// <summary>The initial sequence number of the stack, as its last SYN said; 0 before it.</summary>
    public uint StackInitial { get; internal set; }

    internal bool IsOneOfSeveral => _script.Connections.Count > 1;

    /// <inheritdoc cref="PacketScript.Inject"/>
    public void Inject(Segment segment)
    {
        ArgumentNullException.ThrowIfNull(segment);
        _script.Inject(segment with { Connection = this });
    }

    /// <inheritdoc cref="PacketScript.Expect"/>
    public Task<Segment> Expect(Segment segment, When when = default)
    {
        ArgumentNullException.ThrowIfNull(segment);
        return _script.Expect(segment with { Connection = this }, when);
    }

    /// <summary><c>80-4321</c>: the stack's port and the peer's.</summary>
    public override string ToString() => $"{StackPort}-{PeerPort}";

    internal int StackNumber(uint absolute) => unchecked((int)(absolute - StackInitial));

    internal int PeerNumber(uint absolute) => unchecked((int)(absolute - PeerInitial));
}
