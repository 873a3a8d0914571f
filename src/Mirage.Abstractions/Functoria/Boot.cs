namespace Mirage;

/// <summary>Connects each device of a unikernel once, in dependency order, runs it, and disconnects in reverse.</summary>
public sealed class Boot
{
    private readonly IReadOnlyList<string> _args;
    private readonly Dictionary<Type, object> _connected = [];
    private readonly Stack<Func<ValueTask>> _disconnects = [];

    private Boot(Host host, IReadOnlyList<string> args) => (Host, _args) = (host, args);

    internal Host Host { get; }

    /// <summary>Boots a unikernel on <paramref name="host"/> and gives the exit code when it is done.</summary>
    public static int Run<T>(Host host, IReadOnlyList<string> args) where T : IUnikernel<T>
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.Loop.Run(() => new Boot(host, args).Run<T>());
    }

    internal string? Argument(string name) =>
        _args.FirstOrDefault(arg => arg.StartsWith($"--{name}=", StringComparison.Ordinal))?[(name.Length + 3)..];

    internal async ValueTask<T> Connect<T>() where T : IDevice<T>
    {
        if (_connected.TryGetValue(typeof(T), out var shared))
            return (T)shared;

        var device = await T.Impl.Make(this);
        _connected.Add(typeof(T), device);
        _disconnects.Push(() => T.Disconnect(device));
        return device;
    }

    private async ValueTask<int> Run<T>() where T : IUnikernel<T>
    {
        try
        {
            await T.Start(await Connect<T>(), Host.Stopping);
            return ExitCode.Done;
        }
        catch (ConnectException failure)
        {
            await Host.Error.WriteLineAsync($"{failure.Error.Reason}; {failure.Error.Remedy}.");
            return ExitCode.Unavailable;
        }
        finally
        {
            while (_disconnects.TryPop(out var disconnect))
                await disconnect();
        }
    }
}
