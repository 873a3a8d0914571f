using System.Diagnostics;

namespace Mirage.Unix.Tests;

/// <summary>Unikernels that tests run as processes of their own, with signals and exit codes.</summary>
internal static class Child
{
    public static int Main(string[] args) => args switch
    {
        ["wait", .. var rest] => Unix.Run<Waiter>(rest),
        ["stubborn", .. var rest] => Unix.Run<Stubborn>(rest),
        ["print", .. var rest] => Unix.Run<Printer>(rest),
        _ => ExitCode.BadArgument,
    };

    /// <summary>Starts the unikernel called <paramref name="name"/> with its output redirected.</summary>
    public static Process Start(params string[] name)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["exec", typeof(Child).Assembly.Location, .. name])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    /// <summary>Says that it is ready, and ends when it is asked to.</summary>
    private readonly struct Waiter : IUnikernel<Waiter>
    {
        private readonly Host _host;

        private Waiter(Host host) => _host = host;

        public static Impl<Waiter> Impl => Mirage.Impl.BootHost.Map(static host => new Waiter(host));

        public static async ValueTask Start(Waiter unikernel, CancellationToken stop)
        {
            var stopped = new TaskCompletionSource();
            using var registration = stop.Register(stopped.SetResult);
            await unikernel._host.Out.WriteLineAsync("ready");
            await stopped.Task;
            await unikernel._host.Out.WriteLineAsync(unikernel._host.Loop.IsCurrent ? "stopped" : "left the loop");
        }
    }

    /// <summary>Says that it was asked to end, and does not.</summary>
    private readonly struct Stubborn : IUnikernel<Stubborn>
    {
        private readonly Host _host;

        private Stubborn(Host host) => _host = host;

        public static Impl<Stubborn> Impl => Mirage.Impl.BootHost.Map(static host => new Stubborn(host));

        public static async ValueTask Start(Stubborn unikernel, CancellationToken stop)
        {
            using var registration = stop.Register(() => unikernel._host.Out.WriteLine("never"));
            await unikernel._host.Out.WriteLineAsync("ready");
            await new TaskCompletionSource().Task;
        }
    }

    /// <summary>Writes more than a pipe holds.</summary>
    private readonly struct Printer : IUnikernel<Printer>
    {
        private readonly Host _host;

        private Printer(Host host) => _host = host;

        public static Impl<Printer> Impl => Mirage.Impl.BootHost.Map(static host => new Printer(host));

        public static ValueTask Start(Printer unikernel, CancellationToken stop)
        {
            for (var line = 0; line < 20_000; line++)
                unikernel._host.Out.WriteLine($"line {line} of more text than a pipe holds");
            return ValueTask.CompletedTask;
        }
    }
}
