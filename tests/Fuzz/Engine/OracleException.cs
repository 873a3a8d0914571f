namespace Mirage.Fuzz;

/// <summary>Something that must hold for every input did not.</summary>
internal sealed class OracleException(string message) : Exception(message);
