// Compiled for docs/functoria.md, which shows what is below the namespace.
namespace Mirage.Tests.Snippets;

internal static class Wiring
{
    // In Program.cs of a process this is: return Unix.Run<Unikernel<Loud<Polite>, HostConsole>>(args);
    public static int Run(Host host, string[] args) => Boot.Run<Unikernel<Loud<Polite>, HostConsole>>(host, args);

    public static int RunTwoJobs(Host host, string[] args) =>
        Boot.Run<Jobs<Unikernel<Polite, HostConsole>, Unikernel<Loud<Polite>, HostConsole>>>(host, args);

    public static int RunNothing(Host host, string[] args) => Boot.Run<Noop>(host, args);
}
