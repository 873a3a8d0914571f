namespace Mirage.Testing;

/// <summary>Hardware of a simulated machine: it outlives the programs that drive it.</summary>
public interface ISimHardware
{
    /// <summary>The program that drove it has ended while the power stayed: it has nobody to answer to.</summary>
    void Detach();

    /// <summary>The power was cut, and the program is gone with it: what was not made durable is lost.</summary>
    void PowerCut();

    /// <summary>Ends what is wrong with it for a while, as being full or slow; what was destroyed stays so.</summary>
    void Heal();

    /// <summary>Tells <paramref name="line"/> from now on what it does, for the trace of the world.</summary>
    void Report(Action<string> line);

    /// <summary>Does something wrong, as a fault plan says in the words of this hardware; false when it does not know
    /// them. A rehearsal does nothing else but that.</summary>
    bool TryFault(string what, bool rehearse);
}
