using System.Diagnostics;

namespace Mirage.Fuzz;

/// <summary>The entry point of <c>./fuzz</c>; the tests do not use it.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        Trace.Listeners.Clear();
        Trace.Listeners.Add(new ThrowingListener());
        return FuzzCommand.Run(args, Console.Out);
    }
}
