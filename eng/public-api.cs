// Reads the compiler's logs (SARIF, one a project) and writes what they say is undeclared to PublicAPI.Unshipped.txt.
using System.Text.Json;

var (logs, sources) = (args[0], args[1]);
foreach (var log in Directory.GetFiles(logs, "*.sarif").Order(StringComparer.Ordinal))
{
    var project = Path.GetFileNameWithoutExtension(log);
    using var document = JsonDocument.Parse(File.ReadAllBytes(log));
    var lines = document.RootElement.GetProperty("runs").EnumerateArray()
        .SelectMany(run => run.GetProperty("results").EnumerateArray())
        .Select(Declaration)
        .OfType<string>()
        .Distinct()
        .Order(StringComparer.Ordinal)
        .ToList();
    File.WriteAllText(Path.Combine(sources, project, "PublicAPI.Unshipped.txt"),
        string.Join('\n', lines.Prepend("#nullable enable")) + "\n");
    Console.WriteLine($"{project}: {lines.Count} declarations");
}

// RS0016: declared in the sources and in no file. RS0017: in the shipped file and no longer in the sources.
static string? Declaration(JsonElement result) => result.GetProperty("ruleId").GetString() switch
{
    "RS0016" => Name(result),
    "RS0017" => $"*REMOVED*{Name(result)}",
    _ => null,
};

static string Name(JsonElement result) =>
    result.GetProperty("properties").GetProperty("customProperties").GetProperty("APIName").GetString()!;
