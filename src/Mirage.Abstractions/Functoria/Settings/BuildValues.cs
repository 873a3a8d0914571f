namespace Mirage;

/// <summary>The values that the project's <c>MirageKey</c> items gave to keys when it was built.</summary>
/// <remarks>The package's targets file hands them over as runtime options, which Native AOT keeps too.</remarks>
internal sealed class BuildValues(Func<string, string?> read)
{
    private const string NamesOption = "Mirage.Keys";
    private const string ValuePrefix = "Mirage.Key.";

    /// <summary>What is built into this process.</summary>
    public static BuildValues OfProcess { get; } = new(static name => AppContext.GetData(name)?.ToString());

    /// <summary>The names of all items, for finding those that no key has.</summary>
    public IEnumerable<string> Names => (read(NamesOption) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The value that was given to a key, or null.</summary>
    public string? Find(string name) => read(ValuePrefix + name);
}
