namespace Mirage.Unix;

/// <summary>Runs unikernels as processes of Linux.</summary>
public static class Unix
{
    /// <summary>
    /// Boots a unikernel on the calling thread and gives the exit code for the process when it is done. SIGINT and
    /// SIGTERM ask it to stop; a second one ends the process at once with 128 and the signal's number.
    /// </summary>
    /// <remarks>With several queues of a TAP, <c>--queues</c>, the same type is booted once for each, on a thread of
    /// its own; they share nothing, and the process ends when the first one does or any of them fails.</remarks>
    /// <typeparam name="TUnikernel">The unikernel: one closed type.</typeparam>
    /// <param name="args">The arguments of the command line, without the program's name.</param>
    public static int Run<TUnikernel>(IReadOnlyList<string> args) where TUnikernel : IUnikernel<TUnikernel>
    {
        using var host = new UnixHost();
        using var crew = new Crew(host, sibling => Boot.Run<TUnikernel>(sibling, args));
        host.Crew = crew;
        using var signals = new StopSignals(crew);
        return crew.Finish(Boot.Run<TUnikernel>(host, args));
    }
}
