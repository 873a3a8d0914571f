using System.Globalization;

namespace Mirage.Testing;

/// <summary>A failure as it is kept in a directory: what is needed to see it again.</summary>
internal sealed record SimFailure(string Directory, string Scenario, ulong Seed, FaultPlan Plan, ulong Hash)
{
    private const string SeedFile = "seed.txt";
    private const string PlanFile = "plan.txt";

    /// <summary>A directory for a new failure, below that of the program.</summary>
    public static string NewDirectory(string scenario, ulong seed)
    {
        var root = Path.Combine(AppContext.BaseDirectory, "failures");
        var name = string.Create(CultureInfo.InvariantCulture, $"{scenario}-{seed}");
        return Path.Combine(root, name);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">The directory holds no failure.</exception>
    public static SimFailure Read(string directory)
    {
        var path = Path.Combine(directory, SeedFile);
        if (!File.Exists(path))
            throw new FormatException($"{directory} holds no failure: {SeedFile} is missing.");
        return File.ReadAllText(path).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            is [var scenario, var number, var trace]
            && ulong.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            && ulong.TryParse(trace, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hash)
                ? new(directory, scenario, seed, ReadPlan(Path.Combine(directory, PlanFile)), hash)
                : throw new FormatException($"{path} is not 'SCENARIO SEED TRACE'.");
    }

    private static FaultPlan ReadPlan(string path)
    {
        if (!File.Exists(path))
            throw new FormatException($"{path} is missing.");
        try
        {
            return FaultPlan.Parse(File.ReadAllText(path));
        }
        catch (FormatException error)
        {
            throw new FormatException($"{path}: {error.Message}", error);
        }
    }

    public void Write()
    {
        File.WriteAllText(Path.Combine(Directory, SeedFile),
            string.Create(CultureInfo.InvariantCulture, $"{Scenario} {Seed} {Hash:x16}\n"));
        File.WriteAllText(Path.Combine(Directory, PlanFile), Plan.ToString());
    }
}
