// Compiled for docs/functoria.md, which shows what is below the namespace.
namespace Mirage.Tests.Snippets;

public enum Mood { Merry, VerySad }
