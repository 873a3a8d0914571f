using System.Reflection;

namespace Mirage.Tidy;

/// <summary>What the lists in eng/banned name exists: the analyzer passes over a name that is misspelled.</summary>
public sealed class BannedListsRule : Rule
{
    private const BindingFlags Anything =
        BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    // Where the framework keeps what the lists name.
    private static readonly Lazy<Dictionary<string, Type>> s_types = new(() => Directory
        .GetFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "System*.dll")
        .Select(TryLoad).OfType<Assembly>()
        .SelectMany(static assembly => assembly.GetExportedTypes())
        .Where(static type => type.FullName is not null)
        .DistinctBy(static type => type.FullName).ToDictionary(static type => type.FullName!));

    private protected override string Sentence => "A banned symbol is one that exists, and says what to do instead.";

    private protected override IEnumerable<SourceFile> Scope =>
        Repository.Files.Where(file => file.Path.StartsWith("eng/banned/", StringComparison.Ordinal));

    private protected override IEnumerable<SourceFile> Bad =>
    [
        new("eng/banned/BannedSymbols.A.txt", "T:System.Randomness;Take another.\n"),
        new("eng/banned/BannedSymbols.A.txt", "M:System.Threading.Thread.Sleep(System.Int64);Wait.\n"),
        new("eng/banned/BannedSymbols.A.txt", "P:System.DateTime.Later;Wait.\n"),
        new("eng/banned/BannedSymbols.A.txt", "T:System.Random\n"),
    ];

    private protected override IEnumerable<SourceFile> Good =>
    [
        new("eng/banned/BannedSymbols.A.txt", """
            // A comment.
            T:System.Random;Take another.
            P:System.DateTime.UtcNow;Ask the host.
            M:System.Guid.NewGuid;Take another.
            M:System.Threading.PeriodicTimer.#ctor(System.TimeSpan);Name the TimeProvider.
            M:System.Threading.Tasks.Task.Run``1(System.Func{System.Threading.Tasks.Task{``0}});No.
            """),
    ];

    private protected override IEnumerable<Finding> Check(SourceFile file)
    {
        for (var line = 0; line < file.Lines.Length; line++)
        {
            var text = file.Lines[line];
            if (text.StartsWith("//", StringComparison.Ordinal))
                continue;
            var (symbol, advice) = text.Split(';', 2) is [var left, var right] ? (left, right) : (text, "");
            if (advice.Length == 0 || !Exists(symbol))
                yield return new(file, line + 1, text);
        }
    }

    private static bool Exists(string symbol)
    {
        if (symbol is not [_, ':', .. var name])
            return false;
        if (symbol[0] == 'T')
            return s_types.Value.ContainsKey(name);
        var parameters = name.IndexOf('(', StringComparison.Ordinal);
        var path = parameters < 0 ? name : name[..parameters];
        if (!s_types.Value.TryGetValue(path[..path.LastIndexOf('.')], out var type))
            return false;
        return symbol[0] switch
        {
            'P' => type.GetProperty(path[(path.LastIndexOf('.') + 1)..], Anything) is not null,
            'M' => type.GetMembers(Anything).OfType<MethodBase>().Any(method => NameOf(type, method) == name),
            _ => false,
        };
    }

    // The identifier of a method in documentation comments, ECMA-334 annex D.4.
    private static string NameOf(Type type, MethodBase method)
    {
        var arity = method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : "";
        var parameters = method.GetParameters().Select(static parameter => NameOf(parameter.ParameterType)).ToList();
        var list = parameters.Count == 0 ? "" : $"({string.Join(',', parameters)})";
        return $"{type.FullName}.{method.Name.Replace('.', '#')}{arity}{list}";
    }

    private static string NameOf(Type type)
    {
        if (type.IsGenericParameter)
            return $"{(type.DeclaringMethod is null ? "`" : "``")}{type.GenericParameterPosition}";
        if (type.HasElementType)
            return NameOf(type.GetElementType()!) + (type.IsByRef ? "@" : type.IsPointer ? "*" : "[]");
        if (!type.IsGenericType)
            return type.FullName!;
        var name = type.GetGenericTypeDefinition().FullName!;
        var arguments = string.Join(',', type.GetGenericArguments().Select(NameOf));
        return $"{name[..name.IndexOf('`', StringComparison.Ordinal)]}{{{arguments}}}";
    }

    private static Assembly? TryLoad(string path)
    {
        try
        {
            return Assembly.Load(Path.GetFileNameWithoutExtension(path));
        }
        catch (Exception error) when (error is IOException or BadImageFormatException)
        {
            return null;
        }
    }
}
