using System.Globalization;

/// <summary>What all clients saw, key by key.</summary>
internal sealed class KvHistory(SimWorld world)
{
    private readonly Dictionary<string, RegisterHistory> _registers =
        Keys.ToDictionary(static key => key, static _ => new RegisterHistory(), StringComparer.Ordinal);
    private int _values;

    /// <summary>The keys that are asked for.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["apple", "pear", "plum"];

    /// <summary>Whether clients come to an end.</summary>
    public bool IsClosed { get; set; }

    /// <summary>The time of the world, which clocks of machines do not change.</summary>
    public TimeSpan Now => world.Now;

    /// <summary>A value that was never written.</summary>
    public string NewValue(string client) => string.Create(CultureInfo.InvariantCulture, $"{client}-{++_values}");

    /// <summary>Counts that something happened which a good test makes happen.</summary>
    public void Mark(string what) => world.Marks.Add(what);

    /// <summary>A write was sent.</summary>
    public void BeginWrite(string key, string value) => _registers[key].BeginWrite(value, Now);

    /// <summary>A write was acknowledged.</summary>
    public void EndWrite(string key, string value)
    {
        _registers[key].EndWrite(value, Now);
        Mark("acknowledged");
    }

    /// <summary>A read was answered.</summary>
    public void Read(string key, string? value, TimeSpan began)
    {
        _registers[key].Read(value, began, Now);
        Mark("read");
    }

    /// <summary>Fails when no single store can have given these answers.</summary>
    public void Check()
    {
        foreach (var key in Keys)
        {
            if (_registers[key].Explain() is { } reason)
                throw new SimFailureException($"{key} is no register: {reason}.");
        }
    }
}
