using System.Diagnostics.CodeAnalysis;

namespace Mirage.Storage;

/// <summary>A value, or why there is none.</summary>
internal readonly struct CowAnswer<T>
{
    private CowAnswer(T value, CowFault? fault) => (Value, Fault) = (value, fault);

    /// <summary>Meant where <see cref="Fault"/> is null.</summary>
    public T Value { get; }

    public CowFault? Fault { get; }

    public bool Failed([NotNullWhen(true)] out CowFault? fault, out T value)
    {
        (fault, value) = (Fault, Value);
        return fault is not null;
    }

    public static implicit operator CowAnswer<T>(T value) => new(value, null);

    public static implicit operator CowAnswer<T>(CowFault fault) => new(default!, fault);
}
