namespace Mirage;

/// <summary>How a port is listened on. <c>default</c> is right for most servers.</summary>
public readonly record struct ListenOptions
{
    /// <summary>Connections that wait to be accepted, beside which new ones are not answered; 0 stands for
    /// 128.</summary>
    public int Backlog { get; init; }

    /// <summary>Connections under way that are remembered; 0 stands for 1,024. Beside them new ones are answered
    /// without: what a client asked for is in the answer, and comes back.</summary>
    public int HalfOpenMax { get; init; }

    /// <summary>How the connections behave.</summary>
    public FlowOptions Flow { get; init; }
}
