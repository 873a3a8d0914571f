using System.Diagnostics;
using Mirage.Net;

namespace Mirage.Unix.Tests;

/// <summary>Unikernels that tests run as processes of their own, with signals and exit codes.</summary>
internal static class Child
{
    public static int Main(string[] args) => args switch
    {
        ["wait", .. var rest] => Unix.Run<Waiter>(rest),
        ["stubborn", .. var rest] => Unix.Run<Stubborn>(rest),
        ["print", .. var rest] => Unix.Run<Printer>(rest),
        ["serve", .. var rest] => Unix.Run<Server<TcpIp<Netif>>>(rest),
        ["serve-by-socket", .. var rest] => Unix.Run<Server<SocketStack>>(rest),
        ["queues", .. var rest] => Unix.Run<QueueServer>(rest),
        ["set", .. var rest] => Unix.Run<Setter>(rest),
        ["exhaust", .. var rest] => Unix.Run<Exhausted>(rest),
        _ => ExitCode.BadArgument,
    };

    /// <summary>Starts the unikernel called <paramref name="name"/> with its output redirected.</summary>
    public static Process Start(params string[] name) =>
        StartAs(Environment.ProcessPath!, ["exec", typeof(Child).Assembly.Location, .. name]);

    /// <summary>As <see cref="Start"/>, without the rights of root.</summary>
    public static Process StartAsNobody(params string[] name) => StartAs("setpriv",
    [
        "--reuid=65534", "--regid=65534", "--clear-groups",
        Environment.ProcessPath!, "exec", typeof(Child).Assembly.Location, .. name,
    ]);

    /// <summary>As <see cref="Start"/>, by a shell that runs <paramref name="script"/> with the program in $0 and $@.
    /// </summary>
    public static Process StartByShell(string script, params string[] name) => StartAs(
        "sh", ["-c", script, Environment.ProcessPath!, "exec", typeof(Child).Assembly.Location, .. name]);

    /// <summary>As <see cref="Start"/>, and writes its system calls of these names to a file, with the paths of
    /// descriptors.</summary>
    public static Process StartTraced(string file, string calls, params string[] name) => StartAs(
        StraceFactAttribute.Program,
        [
            "--follow-forks", "--seccomp-bpf", "--decode-fds=path", $"--trace={calls}", $"--output={file}",
            Environment.ProcessPath!, "exec", typeof(Child).Assembly.Location, .. name,
        ]);

    private static Process StartAs(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }
}
