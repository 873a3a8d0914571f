namespace Mirage;

/// <summary>The words of a command line, sorted by key. Nothing is parsed yet beyond which key a word is for.</summary>
/// <remarks>
/// <c>--name=value</c>, <c>--name value</c>, and <c>--name</c> alone for a key whose value is optional, which then
/// takes none from the next word. <c>-h</c> and <c>-l</c> are <c>--help</c> and <c>--logs</c>. After <c>--</c> no word
/// is a key.
/// </remarks>
internal sealed class Arguments
{
    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];

    private Arguments() { }

    /// <summary>What is wrong, a sentence each.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>What was given to the key of that name, in order.</summary>
    public IReadOnlyList<string> this[string name] => _values.TryGetValue(name, out var values) ? values : [];

    /// <summary>Sorts <paramref name="words"/> by the keys of a graph. Throws for no words.</summary>
    public static Arguments Parse(IReadOnlyList<string> words, IReadOnlyDictionary<string, GraphKey> keys)
    {
        var arguments = new Arguments();
        var index = 0;
        for (; index < words.Count && words[index] != "--"; index++)
        {
            if (TrySplit(words[index]) is not var (name, value))
                arguments.Refuse(words[index]);
            else if (!keys.TryGetValue(name, out var key) || !key.IsArgument)
                arguments._problems.Add(Unknown(name, key, keys));
            else if ((value ?? key.Key.Implied) is { } own)
                arguments.Add(name, own);
            else if (index + 1 < words.Count && !words[index + 1].StartsWith("--", StringComparison.Ordinal))
                arguments.Add(name, words[++index]);
            else
                arguments._problems.Add($"--{name} needs a value: expected {key.Key.Expected}");
        }

        foreach (var word in words.Skip(index + 1))
            arguments.Refuse(word);
        arguments.CheckRepetition(keys);
        return arguments;
    }

    private static (string Name, string? Value)? TrySplit(string word)
    {
        var at = word.IndexOf('=', StringComparison.Ordinal);
        var (name, value) = at < 0 ? (word, null) : (word[..at], word[(at + 1)..]);
        return name switch
        {
            "-h" => ("help", value),
            "-l" => ("logs", value),
            ['-', '-', _, ..] => (name[2..], value),
            _ => null,
        };
    }

    private static string Unknown(string name, GraphKey? fixedKey, IReadOnlyDictionary<string, GraphKey> keys)
    {
        if (fixedKey is not null)
            return $"--{name} is fixed in the build by a MirageKey item of the project and cannot be given at boot";

        var known = keys.Values.Where(static key => key.IsArgument).Select(static key => key.Name);
        var closest = Sentence.Closest(name, known);
        var hint = closest is null ? "" : $"; did you mean --{closest}?";
        return $"unknown key --{Sentence.Line(name)}{hint} (--help lists the keys)";
    }

    private void Refuse(string word) =>
        _problems.Add($"{Sentence.Quote(word)} is no key: keys are given as --name=value (--help lists them)");

    private void Add(string name, string value)
    {
        if (!_values.TryGetValue(name, out var values))
            _values.Add(name, values = []);
        values.Add(value);
    }

    private void CheckRepetition(IReadOnlyDictionary<string, GraphKey> keys)
    {
        foreach (var (name, values) in _values)
        {
            if (values.Count > 1 && keys[name].Key.Kind is not KeyKind.Repeated)
                _problems.Add($"--{name} is given {values.Count} times and takes one value");
        }
    }
}
