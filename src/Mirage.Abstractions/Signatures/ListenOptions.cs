namespace Mirage;

/// <summary>How a port is listened on. <c>default</c> is right for most servers.</summary>
public readonly record struct ListenOptions
{
    /// <summary>Connections that wait to be accepted, beside which new ones are not answered; 0 stands for 128.</summary>
    public int Backlog { get; init; }
}
