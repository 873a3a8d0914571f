// Compiled for docs/functoria.md, which shows what is below the namespace.
using static Mirage.Impl;

namespace Mirage.Tests.Snippets;

public readonly struct Safe : IDevice<Safe>
{
    // The door is no argument of anything here; it is connected first because the value mentions it first.
    public static Impl<Safe> Impl => (Of<Door>(), Pure(default(Safe))).Apply(static (_, safe) => safe);
}
