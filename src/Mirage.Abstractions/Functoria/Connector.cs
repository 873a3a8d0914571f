using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Mirage;

/// <summary>Makes the devices of one boot, each once and in dependency order, and releases them in reverse.</summary>
internal sealed partial class Connector(Host host, Graph graph, Settings settings)
{
    // A device whose release hangs does not keep the others from being released.
    private static readonly TimeSpan s_disconnectLimit = TimeSpan.FromSeconds(5);

    private readonly Dictionary<Type, object> _connected = [];
    private readonly Stack<(GraphDevice Device, Func<ValueTask> Disconnect)> _disconnects = [];
    private readonly List<GraphDevice> _path = [];
    private bool _ended;

    public Host Host => host;

    public Settings Settings => settings;

    /// <summary>The name of the unikernel.</summary>
    public string RootName => graph.Root.Name;

    /// <summary>The devices from the unikernel to the one whose making failed, or null.</summary>
    public string? FailedPath { get; private set; }

    /// <summary>The value of a key for the device that is being made.</summary>
    public object Setting(IKey key) =>
        settings.Find(GraphKey.NameOf(key, _path[^1].Group))?.Value ?? throw new MissingKeyException();

    /// <summary>The branch that a choice takes. Its selector needs keys only: there is nothing to wait for.</summary>
    public int Decide(GraphChoice choice)
    {
        _path.Add(choice.Owner);
        try
        {
            var branch = choice.Node.Selector.Make(this);
            Debug.Assert(branch.IsCompleted, "A selector made from keys alone completes at once.");
            return branch.GetAwaiter().GetResult();
        }
        finally
        {
            _path.RemoveAt(_path.Count - 1);
        }
    }

    /// <summary>The device of that type, made at its first mention.</summary>
    public async ValueTask<T> Connect<T>() where T : IDevice<T>
    {
        if (_connected.TryGetValue(typeof(T), out var shared))
            return (T)shared;
        if (_ended || host.Stopping.IsCancellationRequested)
            throw new OperationCanceledException("The boot was asked to stop.");

        var node = graph.Devices[typeof(T)];
        _path.Add(node);
        try
        {
            var device = await ((Impl<T>)node.Impl).Make(this);
            _connected.Add(typeof(T), device);
            _disconnects.Push((node, () => T.Disconnect(device)));
            LogConnected(host.Logs.CreateLogger(Boot.LogSource), node.Name);
            return device;
        }
        catch
        {
            FailedPath ??= string.Join(" → ", _path.Select(static step => step.Name));
            throw;
        }
        finally
        {
            _path.RemoveAt(_path.Count - 1);
        }
    }

    /// <summary>Releases what was connected, the last first. A device that fails or hangs is logged.</summary>
    public async ValueTask Disconnect()
    {
        _ended = true;
        var logger = host.Logs.CreateLogger(Boot.LogSource);
        while (_disconnects.TryPop(out var next))
        {
            try
            {
                await next.Disconnect().AsTask().WaitAsync(s_disconnectLimit, host.Time);
                LogDisconnected(logger, next.Device.Name);
            }
            catch (TimeoutException)
            {
                LogDisconnectHangs(logger, next.Device.Name, s_disconnectLimit.TotalSeconds);
            }
            catch (Exception failure)
            {
                LogDisconnectFailed(logger, next.Device.Name, failure.GetType().Name, failure.Message);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Error, "{Device} did not disconnect within {Seconds} s; going on")]
    private static partial void LogDisconnectHangs(ILogger logger, string device, double seconds);

    [LoggerMessage(2, LogLevel.Error, "{Device} failed to disconnect: {Type}: {Reason}")]
    private static partial void LogDisconnectFailed(ILogger logger, string device, string type, string reason);

    [LoggerMessage(3, LogLevel.Debug, "{Device} is connected")]
    private static partial void LogConnected(ILogger logger, string device);

    [LoggerMessage(4, LogLevel.Debug, "{Device} is disconnected")]
    private static partial void LogDisconnected(ILogger logger, string device);
}
