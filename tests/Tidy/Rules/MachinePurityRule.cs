using System.Text.RegularExpressions;

namespace Mirage.Tidy;

/// <summary>A machine decides and does nothing else. The ban lists are for a project; this one is for a file.</summary>
public sealed partial class MachinePurityRule : Rule
{
    private protected override string Sentence =>
        "A machine has no task, timer, lock, log, clock or random source, catches nothing and knows no host.";

    private protected override IEnumerable<SourceFile> Scope =>
        Repository.CSharp("src").Where(static file =>
            file.Name.EndsWith("Machine", StringComparison.Ordinal) && file.Name != "SimMachine"); // It is a computer.

    private protected override IEnumerable<SourceFile> Bad =>
    [
        new("src/XMachine.cs", "class XMachine { async ValueTask Run() { } }\n"),
        new("src/XMachine.cs", "class XMachine(TimeProvider time) { }\n"),
        new("src/XMachine.cs", "class XMachine { void M() { try { } catch { } } }\n"),
        new("src/XMachine.cs", "class XMachine { void M() { lock (this) { } } }\n"),
    ];

    private protected override IEnumerable<SourceFile> Good =>
        [new("src/XMachine.cs",
            "// Waits for no Task and takes no lock.\nclass XMachine { void HandleTimeout(long nowNs) { } }\n")];

    private protected override IEnumerable<Finding> Check(SourceFile file) =>
        Effect().Matches(file.Code).Select(match => file.At(match.Index, match.Value));

    [GeneratedRegex("""
        \b(?:async|await|lock|catch|Task|ValueTask|TaskCompletionSource|CancellationToken|
        Timer|PeriodicTimer|LoopTimer|
        TimeProvider|Stopwatch|DateTime|DateTimeOffset|Socket|Stream|Monitor|Interlocked|Volatile|ILogger|Random|
        Console|Host|EventLoop)\b
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Effect();
}
