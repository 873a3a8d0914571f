namespace Mirage.Testing;

/// <summary>Something left its simulated world: a run would not repeat itself.</summary>
public sealed class SimEscapeException : Exception
{
    internal SimEscapeException(string message) : base(message) { }
}
