namespace Mirage.Testing;

/// <summary>Something that is wrong with links for a while, on top of what they are like anyway.</summary>
internal sealed class LinkCondition(Func<SimMachine, SimMachine, bool> applies)
{
    /// <summary>Whether it is wrong with the way from the first machine to the second.</summary>
    public Func<SimMachine, SimMachine, bool> Applies => applies;

    /// <summary>What its draws follow from.</summary>
    public ulong Seed { get; init; }

    /// <summary>Nothing passes.</summary>
    public bool IsCut { get; init; }

    /// <summary>What goes wrong besides.</summary>
    public LinkTrouble? Trouble { get; init; }
}
