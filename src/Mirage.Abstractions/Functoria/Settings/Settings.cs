namespace Mirage;

/// <summary>The values of all keys of a graph in one boot.</summary>
internal sealed class Settings
{
    private readonly Dictionary<string, Setting> _settings = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];
    private readonly Arguments _arguments;
    private readonly Host _host;
    private readonly BuildValues _build;

    private Settings(Arguments arguments, Host host, BuildValues build)
    {
        (_arguments, _host, _build) = (arguments, host, build);
        _problems.AddRange(arguments.Problems);
    }

    /// <summary>What is wrong with what was given, a sentence each. What was not given is not wrong here.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Parses what was given to <paramref name="keys"/>, whose names are unique.</summary>
    public static Settings Read(
        IReadOnlyDictionary<string, GraphKey> keys, Arguments arguments, Host host, BuildValues build)
    {
        var settings = new Settings(arguments, host, build);
        foreach (var key in keys.Values)
            settings.Add(key);
        settings.CheckBuild(keys);
        return settings;
    }

    /// <summary>The value of the key with that full name; null when it is required and was not given.</summary>
    public Setting? Find(string name) => _settings.GetValueOrDefault(name);

    /// <inheritdoc cref="Find(string)"/>
    public Setting? Find(GraphKey key) => Find(key.Name);

    /// <summary>The value of one of the boot's own keys.</summary>
    public T Get<T>(Key<T> key) => (T)_settings[((IKey)key).Name].Value;

    /// <summary>Says how to give a required key that is missing.</summary>
    public static string Missing(GraphKey key) => key.IsArgument
        ? $"--{key.Name} is required: give {key.Usage} or set {key.Variable} (expected {key.Key.Expected})"
        : $"{key.Name} must be fixed in the build: add {Item(key.Name)} to the project (expected {key.Key.Expected})";

    private static string Item(string name, string value = "…") =>
        $"<MirageKey Include=\"{name}\" Value=\"{Sentence.Line(value)}\" />";

    // What the build says is checked also where an argument overrides it: it is wrong on the next boot too.
    private void Add(GraphKey key)
    {
        if (key.Key.Fallback is { } fallback)
            _settings.Add(key.Name, new(key.Key.FallbackValue, fallback, SettingSource.Default));
        if (key.Key.Stage is not Stage.Run && _build.Find(key.Name) is { } built)
            Add(key, built, SettingSource.Build);
        if (!key.IsArgument)
            return;

        if (_arguments[key.Name] is { Count: > 0 } given)
            Add(key, key.Key.Kind is KeyKind.Repeated ? string.Join(',', given) : given[0], SettingSource.Argument);
        else if (!key.Key.IsCommand && _host.GetEnvironmentVariable(key.Variable) is { } variable)
            Add(key, variable, SettingSource.Environment);
    }

    private void Add(GraphKey key, string text, SettingSource source)
    {
        if (key.Key.TryParse(text, out var value))
        {
            _settings[key.Name] = new(value, text, source);
            return;
        }

        var where = source switch
        {
            SettingSource.Build => $" ({Item(key.Name, text)} in the project)",
            SettingSource.Environment => $" (environment variable {key.Variable})",
            _ => "",
        };
        _problems.Add($"--{key.Name}{where}: expected {key.Key.Expected}, not {Sentence.Quote(text)}");
    }

    private void CheckBuild(IReadOnlyDictionary<string, GraphKey> keys)
    {
        foreach (var name in _build.Names)
        {
            if (!keys.TryGetValue(name, out var key))
            {
                var known = keys.Values.Where(static key => !key.Key.IsCommand).Select(static key => key.Name);
                var closest = Sentence.Closest(name, known);
                var hint = closest is null ? "" : $" (did you mean {closest}?)";
                _problems.Add($"{Item(name)} in the project is for no key of this unikernel{hint}");
            }
            else if (key.Key.Stage is Stage.Run)
            {
                _problems.Add($"{Item(name)} in the project: --{name} is given at boot only; remove the item");
            }
        }
    }
}
