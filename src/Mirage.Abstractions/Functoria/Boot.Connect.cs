using LanguageExt;

namespace Mirage;

public static partial class Boot
{
    private static readonly BuildValues s_nothingBuilt = new(static _ => null);

    /// <summary>Connects one device outside a unikernel, with what it needs, as a boot does: for tests and tools.
    /// Called on the loop of <paramref name="host"/>.</summary>
    /// <param name="host">The world to connect in.</param>
    /// <param name="args">The arguments of the device's keys. What is built into the program does not count.</param>
    /// <exception cref="InvalidOperationException">The devices need each other, or their keys clash.</exception>
    public static async ValueTask<Either<ConnectError, Connected<T>>> Connect<T>(Host host, IReadOnlyList<string> args)
        where T : IDevice<T>
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(args);
        Graph graph;
        try
        {
            graph = Graph.Fold(new DeviceNode<T>(), CommonKeys.All);
        }
        catch (GraphException failure)
        {
            throw new InvalidOperationException(failure.Message, failure);
        }

        var settings = Settings.Read(graph.Keys, Arguments.Parse(args, graph.Keys), host, s_nothingBuilt);
        var connector = new Connector(host, graph, settings);
        var problems = settings.Problems.Count > 0
            ? settings.Problems
            : [.. Plan.Make(graph, connector).Missing.Select(Settings.Missing)];
        if (problems.Count > 0)
            return new ConnectError(string.Join("; ", problems), "");

        try
        {
            return new Connected<T>(await connector.Connect<T>(), connector);
        }
        catch (ConnectException failure)
        {
            await connector.Disconnect();
            return failure.Error with { Reason = $"{connector.FailedPath}: {failure.Error.Reason}" };
        }
        catch
        {
            await connector.Disconnect();
            throw;
        }
    }
}
