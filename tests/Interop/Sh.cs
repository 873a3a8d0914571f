using System.Diagnostics;

namespace Mirage.Interop;

/// <summary>Runs shell lines, each bounded in time.</summary>
internal static class Sh
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    /// <summary>Runs <paramref name="line"/> under bash and gives what came of it.</summary>
    /// <exception cref="TimeoutException">It did not end within a minute; it and its children were killed.</exception>
    public static ShResult Run(string line)
    {
        using var process = Start(line);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"Not done within {s_limit.TotalSeconds} s: {line}");
        }

        return new(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Runs <paramref name="line"/>, which must succeed, and gives its output without the last line
    /// end.</summary>
    public static string Must(string line)
    {
        var result = Run(line);
        Assert.True(result.ExitCode == 0, $"{line}: exit {result.ExitCode}\n{result.Output}{result.Error}");
        return result.Output.TrimEnd('\n');
    }

    /// <summary>Starts <paramref name="line"/> under bash with its output redirected.</summary>
    public static Process Start(string line)
    {
        var start = new ProcessStartInfo("/bin/bash", ["-c", line])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{start.Environment["PATH"]}:/usr/sbin:/sbin";
        return Process.Start(start)!;
    }
}
