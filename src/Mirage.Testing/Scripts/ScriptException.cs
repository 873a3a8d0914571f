namespace Mirage.Testing;

/// <summary>What a <see cref="PacketScript"/> expected did not happen: the message has what was expected, what was
/// received and the exchange until then.</summary>
public sealed class ScriptException : Exception
{
    internal ScriptException(string message) : base(message) { }
}
