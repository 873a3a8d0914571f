using System.Text;
using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>A whole boot with any arguments and environment: it runs, answers or refuses with a sentence.</summary>
/// <remarks>Input: a line for each argument; a line that begins with a dollar sign is a variable.</remarks>
internal sealed class BootTarget() : FuzzTarget("boot")
{
    private static readonly string[] s_words = ["--port=80", "--port", "65536", "--address=10.0.0.2/24", "--address=",
        "--names=a,b", "--names=c", "--wait=1.5s", "--wait=99999999d", "--verbose", "--verbose=false", "--help",
        "--help=false", "--describe", "--describe=dot", "--describe=mermaid", "--version", "--logs=*:debug", "--logs=",
        "-l", "quiet", "-h", "--", "--=", "=", "-", "--prot=1", "$MIRAGE_PORT=81", "$MIRAGE_ADDRESS=x",
        "$MIRAGE_VERBOSE=true", "$MIRAGE_NAMES=a,,b", "--required=x", "--required=y", "--required="];

    public override int ShortRun => 150;

    public override IReadOnlyList<string> Reaches => ["0", "64"];

    public override long AllocationMax(int length) => (8 << 20) + (16_384L * length);

    public override byte[] Generate(SplitMix64 random)
    {
        var words = Enumerable.Range(0, random.Next(8)).Select(_ => HttpTexts.Any(s_words, random)).ToList();
        return Encoding.UTF8.GetBytes(string.Join('\n', words.Prepend(random.Next(4) == 0 ? "" : "--required=z")));
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        var lines = Encoding.UTF8.GetString(input).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        using var host = new SimHost();
        foreach (var variable in lines.Where(static line => line.StartsWith('$')))
        {
            var equals = variable.IndexOf('=', StringComparison.Ordinal);
            if (equals > 1)
                host.SetEnvironmentVariable(variable[1..equals], variable[(equals + 1)..]);
        }

        var code = Boot.Run<AnyKeys>(host, [.. lines.Where(static line => !line.StartsWith('$'))]);
        Reach(code == ExitCode.Done ? "0" : "64");
        Oracle.That(
            code is ExitCode.Done or ExitCode.BadArgument, $"A boot does not end with {code}: {host.ErrorOutput}");
        var errors = host.ErrorOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (code == ExitCode.BadArgument)
            Oracle.That(errors.Length > 0, "A refusal has a sentence.");
        foreach (var error in errors)
        {
            Oracle.That(error.Length < 1000, "A sentence is short, whatever was given.");
            Oracle.That(!error.Any(char.IsControl), "A sentence has no control character, whatever was given.");
        }

        Leaks.AssertNone(host);
    }
}
