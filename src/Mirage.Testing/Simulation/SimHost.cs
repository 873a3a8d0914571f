namespace Mirage.Testing;

/// <summary>A host in virtual time whose entropy comes from a seed: an hour of waiting takes no time at all.</summary>
/// <remarks>Made here it is a world with one machine, whose code may wait for other threads; the hosts of a
/// <see cref="SimWorld"/> share one time, and nothing leaves that world unnoticed.</remarks>
public sealed class SimHost : Host
{
    private readonly SimDriver? _driver;
    private readonly Action? _access;
    private readonly SplitMix64 _random;
    private readonly SimOutput _out;
    private readonly SimOutput _error;
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    private readonly Dictionary<(Type Kind, string Name), object> _hardware = [];

    /// <summary>A world in which everything random follows from <paramref name="seed"/>.</summary>
    public SimHost(ulong seed = 1) : this(new SimDriver(), seed) { }

    /// <summary>The host of a machine: <paramref name="access"/> sees to it that only the world asks for
    /// entropy.</summary>
    internal SimHost(LoopDriver driver, ulong seed, Action access, Action<string> line) : base(driver)
    {
        (Seed, _random, _access) = (seed, new SplitMix64(seed), access);
        (_out, _error) = (new SimOutput(line), new SimOutput(line));
    }

    private SimHost(SimDriver driver, ulong seed) : base(driver)
    {
        (_driver, Seed, _random) = (driver, seed, new SplitMix64(seed));
        (_out, _error) = (new SimOutput(null), new SimOutput(null));
    }

    /// <summary>What everything random here follows from.</summary>
    public ulong Seed { get; }

    /// <summary>How long a world in which nothing can happen any more waits for another thread, in real time, before it
    /// gives up.</summary>
    public TimeSpan Stall
    {
        get => _driver?.Stall ?? TimeSpan.Zero;
        init => (_driver ?? throw new InvalidOperationException("A machine of a world waits for no thread.")).Stall =
            value;
    }

    /// <inheritdoc/>
    public override bool PoisonsReturned => true;

    /// <inheritdoc/>
    public override TextWriter Out => _out;

    /// <inheritdoc/>
    public override TextWriter Error => _error;

    /// <summary>What was written to <see cref="Out"/> so far.</summary>
    public string Output => _out.ToString();

    /// <summary>What was written to <see cref="Error"/> so far.</summary>
    public string ErrorOutput => _error.ToString();

    /// <inheritdoc/>
    public override void FillRandom(Span<byte> destination)
    {
        _access?.Invoke();
        _random.Fill(destination);
    }

    /// <inheritdoc/>
    public override string? GetEnvironmentVariable(string name) => _environment.GetValueOrDefault(name);

    /// <summary>Sets a variable of the environment that the boot sees.</summary>
    public void SetEnvironmentVariable(string name, string value) => _environment[name] = value;

    /// <summary>Puts hardware into the machine, under the name that the device which drives it looks for: the group of
    /// its type, empty for an untagged one.</summary>
    /// <exception cref="ArgumentException">There is another one of that kind and name.</exception>
    public void Attach<T>(string name, T hardware) where T : class
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(hardware);
        if (!_hardware.TryAdd((typeof(T), name), hardware) && _hardware[(typeof(T), name)] != hardware)
            throw new ArgumentException($"The host has a {typeof(T).Name} '{name}' already.", nameof(name));
    }

    /// <summary>The hardware of that kind and name, or null when the machine has none.</summary>
    public T? Attached<T>(string name) where T : class => (T?)_hardware.GetValueOrDefault((typeof(T), name));

    /// <summary>Runs <paramref name="main"/> in this world until its task completes.</summary>
    public T Run<T>(Func<ValueTask<T>> main) => Loop.Run(main);

    /// <summary>Runs <paramref name="main"/> in this world until its task completes.</summary>
    public void Run(Func<ValueTask> main) => Loop.Run(async () =>
    {
        await main();
        return 0;
    });
}
