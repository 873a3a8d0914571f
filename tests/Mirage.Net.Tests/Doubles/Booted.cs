using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>Boots one device on a host and runs a test with it.</summary>
internal static class Booted
{
    private static readonly ConditionalWeakTable<Host, Delegate> s_bodies = [];

    /// <summary>Connects <typeparamref name="T"/> with <paramref name="args"/> and runs <paramref name="body"/> on the
    /// loop.</summary>
    public static void Run<T>(SimHost host, Func<T, ValueTask> body, params string[] args) where T : IDevice<T>
    {
        ExceptionDispatchInfo? failure = null;
        Func<T, ValueTask> guarded = async device =>
        {
            try
            {
                await body(device);
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception); // A boot would make an exit code of it.
            }
        };
        s_bodies.Add(host, guarded);
        var code = Boot.Run<Probe<T>>(host, args);
        failure?.Throw();
        Assert.True(code == ExitCode.Done, host.ErrorOutput);
    }

    /// <summary>Boots <typeparamref name="T"/> where it is expected to fail, and gives the exit code.</summary>
    public static int TryRun<T>(SimHost host, params string[] args) where T : IDevice<T>
    {
        s_bodies.Add(host, (Func<T, ValueTask>)(static _ => ValueTask.CompletedTask));
        return Boot.Run<Probe<T>>(host, args);
    }

    /// <inheritdoc cref="Run{T}(SimHost, Func{T, ValueTask}, string[])"/>
    public static void Run<T>(SimHost host, Action<T> body, params string[] args) where T : IDevice<T> =>
        Run<T>(host, device =>
        {
            body(device);
            return ValueTask.CompletedTask;
        }, args);

    private sealed class Probe<T>(T device, Func<T, ValueTask> body) : IUnikernel<Probe<T>> where T : IDevice<T>
    {
        public static Impl<Probe<T>> Impl => (Mirage.Impl.Of<T>(), Mirage.Impl.BootHost).Apply(static (device, host) =>
            new Probe<T>(device, (Func<T, ValueTask>)(
                s_bodies.TryGetValue(host, out var body) ? body : throw new InvalidOperationException())));

        public static ValueTask Start(Probe<T> unikernel, CancellationToken stop) => unikernel.Run();

        private ValueTask Run() => body(device);
    }
}
