using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mirage;

/// <summary>
/// Boots a unikernel: fold its graph, parse the arguments against exactly the keys in it, connect the devices in
/// dependency order, run, and disconnect in reverse.
/// </summary>
public static partial class Boot
{
    internal const string LogSource = "boot";

    /// <summary>How long a unikernel that is asked to stop may take, in the host's time.</summary>
    public static TimeSpan StopLimit { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Boots a unikernel on <paramref name="host"/> and gives the <see cref="ExitCode"/> at its end.</summary>
    /// <param name="host">The world to run in. Without a log factory of its own it gets one for <c>--logs</c>.</param>
    /// <param name="args">The arguments, without the name of the program.</param>
    public static int Run<T>(Host host, IReadOnlyList<string> args) where T : IUnikernel<T> =>
        Run<T>(host, args, BuildValues.OfProcess);

    internal static int Run<T>(Host host, IReadOnlyList<string> args, BuildValues build) where T : IUnikernel<T> =>
        TryPrepare<T>(host, args, build, out var connector, out var code) ? RunLoop<T>(host, connector) : code;

    /// <summary>Boots a unikernel on a host whose loop is stepped by somebody else.</summary>
    internal static Task<int> Start<T>(Host host, IReadOnlyList<string> args) where T : IUnikernel<T> =>
        TryPrepare<T>(host, args, BuildValues.OfProcess, out var connector, out var code)
            ? host.Loop.Start(() => Supervise<T>(host, connector))
            : Task.FromResult(code);

    /// <summary>Everything before the first device is connected; false with the exit code where it ends
    /// there.</summary>
    private static bool TryPrepare<T>(Host host, IReadOnlyList<string> args, BuildValues build,
        [NotNullWhen(true)] out Connector? connector, out int code) where T : IUnikernel<T>
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(args);
        connector = null;
        code = ExitCode.Done;
        try
        {
            var graph = Graph.Fold(new DeviceNode<T>(), CommonKeys.All);
            var arguments = Arguments.Parse(args, graph.Keys);
            if (TryAnswer(host, graph, arguments, build))
                return false;

            var settings = Settings.Read(graph.Keys, arguments, host, build);
            var wired = new Connector(host, graph, settings);
            if (TryRefuse(host, graph, arguments, wired, out code))
                return false;
            connector = wired;
        }
        catch (Exception failure)
        {
            code = Fail(host, GraphDevice.NameOf(typeof(T), T.Group), failure);
            return false;
        }

        if (host.Logs is NullLoggerFactory or TextLoggerFactory)
            host.Logs = new TextLoggerFactory(host, connector.Settings.Get(CommonKeys.Logs));
        return true;
    }

    // Ends here: a value that does not parse, a key that is missing, or a description that was asked for.
    private static bool TryRefuse(Host host, Graph graph, Arguments arguments, Connector connector, out int code)
    {
        var settings = connector.Settings;
        code = ExitCode.Done;
        if (settings.Problems.Count > 0)
        {
            code = Refuse(host, settings.Problems);
            return true;
        }

        var plan = Plan.Make(graph, connector);
        if (arguments[CommonKeys.Describe.Label].Count > 0)
        {
            code = Describe(host, graph, plan, settings);
            return true;
        }

        if (plan.Missing.Count == 0)
            return false;
        code = Refuse(host, plan.Missing.Select(Settings.Missing));
        return true;
    }

    private static bool TryAnswer(Host host, Graph graph, Arguments arguments, BuildValues build)
    {
        // Who asks for help gets it, whatever else is wrong.
        if (arguments[CommonKeys.Help.Label].Count > 0)
        {
            using var text = new StringWriter();
            new HelpText(text, ProgramInfo.OfProcess).Write(graph, build);
            host.Out.Write(text.ToString());
            return true;
        }

        if (arguments[CommonKeys.Version.Label].Count == 0)
            return false;
        var (program, mirage) = (ProgramInfo.OfProcess, ProgramInfo.OfMirage);
        host.Out.Write($"{program.Name} {program.Version}\n{mirage.Name} {mirage.Version}\n");
        return true;
    }

    private static int Describe(Host host, Graph graph, Plan plan, Settings settings)
    {
        using var text = new StringWriter();
        var format = settings.Get(CommonKeys.Describe);
        if (format is DescribeFormat.Text)
        {
            new DescribeText(text, plan, settings).Write(graph.Root);
        }
        else
        {
            IDiagram diagram = format is DescribeFormat.Dot ? new DotDiagram(text) : new MermaidDiagram(text);
            new DiagramWriter(diagram, plan, settings).Write(graph.Root);
        }

        host.Out.Write(text.ToString());
        return ExitCode.Done;
    }

    private static int Refuse(Host host, IEnumerable<string> problems)
    {
        foreach (var problem in problems)
            host.Error.Write($"{problem}.\n");
        return ExitCode.BadArgument;
    }

    private static int RunLoop<T>(Host host, Connector connector) where T : IUnikernel<T>
    {
        try
        {
            return host.Loop.Run(() => Supervise<T>(host, connector));
        }
        catch (OperationCanceledException)
        {
            // The loop was stopped from outside, so that nothing can be released in order any more.
            return ExitCode.Failed;
        }
        catch (Exception failure)
        {
            // What runs on the loop besides the unikernel's task threw: a callback of a device. The loop itself is
            // intact and goes on for the releases.
            var code = Fail(host, connector.RootName, failure);
            try
            {
                return host.Loop.Run(async () =>
                {
                    await connector.Disconnect();
                    return code;
                });
            }
            catch (Exception another)
            {
                // A callback that throws again and again: what is not released yet ends with the process.
                return Fail(host, connector.RootName, another);
            }
        }
    }

    private static async ValueTask<int> Supervise<T>(Host host, Connector connector) where T : IUnikernel<T>
    {
        var running = Main<T>(host, connector).AsTask();
        int code;
        if (await EndsInTime(running, host))
        {
            code = await running;
        }
        else
        {
            var limit = StopLimit.TotalSeconds;
            host.Error.Write($"{connector.RootName} did not end within {limit} s of being asked to stop.\n");
            code = ExitCode.Failed;
        }

        await connector.Disconnect();
        return code;
    }

    private static async Task<bool> EndsInTime(Task running, Host host)
    {
        var stopping = new TaskCompletionSource();
        // In an iteration of its own, so that whoever asks is not held up by what follows.
        using var registration = host.Stopping.Register(
            () => host.Loop.Post(static stopping => ((TaskCompletionSource)stopping!).SetResult(), stopping));
        if (await Task.WhenAny(running, stopping.Task) == running)
            return true;

        using var ended = new CancellationTokenSource();
        var isInTime = await Task.WhenAny(running, Task.Delay(StopLimit, host.Time, ended.Token)) == running;
        ended.Cancel();
        return isInTime;
    }

    private static async ValueTask<int> Main<T>(Host host, Connector connector) where T : IUnikernel<T>
    {
        try
        {
            var unikernel = await connector.Connect<T>();
            await T.Start(unikernel, host.Stopping);
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (host.Stopping.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
        catch (ConnectException failure)
        {
            var remedy = failure.Error.Remedy.Length == 0 ? "" : $"; {failure.Error.Remedy}";
            host.Error.Write($"{connector.FailedPath}: {Sentence.Plain($"{failure.Error.Reason}{remedy}")}.\n");
            return ExitCode.Unavailable;
        }
        catch (Exception failure)
        {
            return Fail(host, connector.FailedPath ?? connector.RootName, failure);
        }
    }

    private static int Fail(Host host, string where, Exception failure)
    {
        // A key or a constant of a device is made by its static constructor; the reader wants to know why that failed.
        while (failure is TypeInitializationException { InnerException: { } inner })
            failure = inner;
        var what = failure is GraphException ? failure.Message : $"{failure.GetType().Name}: {failure.Message}";
        host.Error.Write($"{where}: {Sentence.Line(what.TrimEnd())}\n");
        LogFailure(host.Logs.CreateLogger(LogSource), failure);
        return ExitCode.Failed;
    }

    [LoggerMessage(1, LogLevel.Debug, "The unikernel failed")]
    private static partial void LogFailure(ILogger logger, Exception failure);
}
