namespace Mirage;

/// <summary>A device that gathers output during an iteration and sends it at the end.</summary>
public interface ILoopOutput
{
    /// <summary>Sends what was gathered. Called once an iteration in which it was requested.</summary>
    void Flush();
}
