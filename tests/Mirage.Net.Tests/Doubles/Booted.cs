using System.Runtime.CompilerServices;
using Mirage.Testing;

namespace Mirage.Net.Tests;

/// <summary>Boots one device on a host and runs a test with it.</summary>
internal static class Booted
{
    private static readonly ConditionalWeakTable<Host, Delegate> s_bodies = [];

    /// <summary>Connects <typeparamref name="T"/> with <paramref name="args"/> and runs <paramref name="body"/> on the loop.</summary>
    public static void Run<T>(SimHost host, Func<T, ValueTask> body, params string[] args) where T : IDevice<T>
    {
        s_bodies.Add(host, body);
        Assert.Equal(ExitCode.Done, Boot.Run<Probe<T>>(host, args));
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
            new Probe<T>(device, (Func<T, ValueTask>)(s_bodies.TryGetValue(host, out var body) ? body : throw new InvalidOperationException())));

        public static ValueTask Start(Probe<T> unikernel, CancellationToken stop) => unikernel.Run();

        private ValueTask Run() => body(device);
    }
}
