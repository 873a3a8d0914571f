namespace Mirage.Testing;

/// <summary>Hardware of a simulated machine: it outlives the programs that drive it.</summary>
public interface ISimHardware
{
    /// <summary>The program that drove it is gone, in order or not: it has nobody to answer to.</summary>
    void Detach();

    /// <summary>The power was cut, after <see cref="Detach"/>: what was not made durable is lost.</summary>
    void PowerCut();

    /// <summary>Tells <paramref name="line"/> from now on what it does, for the trace of the world.</summary>
    void Report(Action<string> line);

    /// <summary>Does something wrong, as a fault plan says in the words of this hardware; false when it does not know
    /// them. A rehearsal does nothing else but that.</summary>
    bool TryFault(string what, bool rehearse);
}
