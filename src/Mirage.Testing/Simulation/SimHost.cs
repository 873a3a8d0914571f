namespace Mirage.Testing;

/// <summary>A host in virtual time whose entropy comes from a seed: an hour of waiting takes no time at all.</summary>
public sealed class SimHost : Host
{
    private readonly SimDriver _driver;
    private readonly SplitMix64 _random;
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);

    /// <summary>A world in which everything random follows from <paramref name="seed"/>.</summary>
    public SimHost(ulong seed = 1) : this(new SimDriver(), seed) { }

    private SimHost(SimDriver driver, ulong seed) : base(driver) =>
        (_driver, Seed, _random) = (driver, seed, new SplitMix64(seed));

    /// <summary>What everything random here follows from.</summary>
    public ulong Seed { get; }

    /// <summary>How long a world in which nothing can happen any more waits for another thread, in real time, before it
    /// gives up.</summary>
    public TimeSpan Stall
    {
        get => _driver.Stall;
        init => _driver.Stall = value;
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
    public override void FillRandom(Span<byte> destination) => _random.Fill(destination);

    /// <inheritdoc/>
    public override string? GetEnvironmentVariable(string name) => _environment.GetValueOrDefault(name);

    /// <summary>Sets a variable of the environment that the boot sees.</summary>
    public void SetEnvironmentVariable(string name, string value) => _environment[name] = value;

    /// <summary>Runs <paramref name="main"/> in this world until its task completes.</summary>
    public T Run<T>(Func<ValueTask<T>> main) => Loop.Run(main);

    /// <summary>Runs <paramref name="main"/> in this world until its task completes.</summary>
    public void Run(Func<ValueTask> main) => Loop.Run(async () =>
    {
        await main();
        return 0;
    });
}
