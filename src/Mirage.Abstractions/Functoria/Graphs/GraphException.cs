namespace Mirage;

/// <summary>
/// The graph of a unikernel is wrong whatever the arguments are: a mistake of its programmer. It never leaves the boot.
/// </summary>
internal sealed class GraphException(string sentence) : Exception(sentence);
