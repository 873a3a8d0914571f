using System.Diagnostics;
using System.Globalization;

namespace Mirage.Fuzz;

/// <summary>What <c>./fuzz</c> does.</summary>
internal static class FuzzCommand
{
    private const int Found = 1, Usage = 64;
    private const ulong DefaultSeed = 1;
    private static readonly TimeSpan s_defaultTime = TimeSpan.FromSeconds(60);

    public static int Run(string[] args, TextWriter output)
    {
        if (args is ["--list"])
        {
            foreach (var each in FuzzTargets.All)
                output.WriteLine(each.Name);
            return 0;
        }

        if (args is ["--check-time", var given])
            return CheckTime(given, output);
        // The folders say which targets there are: AflInput says why nothing may touch the targets here.
        if (args is [var aflName, "--afl"])
            return FuzzFolder.Names.Contains(aflName) ? AflInput.Run(aflName) : RefuseName(output, aflName);
        if (args is not [var name, .. var options])
            return Refuse(output, "A target is needed.");
        if (FuzzTargets.Find(name) is not { } target)
            return RefuseName(output, name);
        return options switch
        {
            ["--replay", var file] => Replay(target, file, output),
            _ => Search(target, options, output),
        };
    }

    private static int Search(FuzzTarget target, string[] options, TextWriter output)
    {
        var (time, seed) = (s_defaultTime, DefaultSeed);
        for (var index = 0; index + 1 < options.Length; index += 2)
        {
            var isRead = options[index] switch
            {
                "--time" => DurationText.TryParse(options[index + 1], out time),
                "--seed" => ulong.TryParse(
                    options[index + 1], NumberStyles.None, CultureInfo.InvariantCulture, out seed),
                _ => false,
            };
            if (!isRead)
                return Refuse(output, $"'{options[index]} {options[index + 1]}' is not understood.");
        }

        if (options.Length % 2 != 0)
            return Refuse(output, $"'{options[^1]}' is not understood, or needs a value.");
        var corpus = FuzzFolder.Corpus(target.Name);
        foreach (var (file, input) in corpus)
        {
            if (new FuzzLoop(target, seed, []).Replay(input, $"corpus file {file}") is { } known)
                return Report(known, output);
        }

        var loop = new FuzzLoop(target, seed, [.. corpus.Select(static item => item.Input)]);
        var watch = Stopwatch.StartNew();
        var find = loop.Run(long.MaxValue, time);
        var seconds = watch.Elapsed.TotalSeconds;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{target.Name}: {loop.Inputs} inputs of seed {seed} in {seconds:0.0} s, "
            + $"{loop.Inputs / seconds:0} a second"));
        return find is null ? 0 : Report(find, output);
    }

    private static int Replay(FuzzTarget target, string file, TextWriter output)
    {
        byte[] input;
        try
        {
            input = File.ReadAllBytes(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Refuse(output, $"'{file}' cannot be read: {error.Message}");
        }

        if (new FuzzLoop(target, 0, []).Replay(input, $"file {file}") is not { } find)
        {
            output.WriteLine($"{target.Name} bears {file}");
            return 0;
        }

        output.WriteLine(find.Error);
        return Report(find, output);
    }

    private static int Report(Find find, TextWriter output)
    {
        FuzzFolder.Save(find);
        output.WriteLine(find);
        return Found;
    }

    // In whole seconds, of which afl-fuzz takes at least one.
    private static int CheckTime(string text, TextWriter output)
    {
        if (!DurationText.TryParse(text, out var time))
            return Refuse(output, $"'{text}' is no time: let it be as 90s, 1.5m or 2h.");
        output.WriteLine(Math.Max(1, Math.Ceiling(time.TotalSeconds)).ToString("F0", CultureInfo.InvariantCulture));
        return 0;
    }

    private static int RefuseName(TextWriter output, string name) =>
        Refuse(output, $"There is no target '{name}': ./fuzz --list says which there are.");

    private static int Refuse(TextWriter output, string problem)
    {
        output.WriteLine($"{problem}\nusage: ./fuzz NAME [--time 60s] [--seed N] [--plain]\n"
            + "       ./fuzz NAME --replay FILE\n       ./fuzz --list");
        return Usage;
    }
}
