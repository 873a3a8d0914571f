// Compiled for docs/functoria.md, which shows what is below the namespace.
namespace Mirage.Tests.Snippets;

public readonly struct Front : IGroup
{
    public static string Name => "front";
}
