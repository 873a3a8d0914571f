using static Mirage.Impl;

namespace Mirage.Tests;

/// <summary>Gives the value that a <see cref="Shows{TValue}"/> prints.</summary>
internal interface IShown
{
    static abstract Impl<string> Value { get; }
}

/// <summary>A unikernel that prints a value made from keys or devices.</summary>
internal readonly struct Shows<TValue> : IUnikernel<Shows<TValue>> where TValue : struct, IShown
{
    private readonly string _value;

    private Shows(string value) => _value = value;

    public static Impl<Shows<TValue>> Impl => (TValue.Value, BootHost).Apply(static (value, host) =>
    {
        host.Out.WriteLine(value);
        return new Shows<TValue>(value);
    });

    public static ValueTask Start(Shows<TValue> unikernel, CancellationToken stop) => ValueTask.CompletedTask;
}
