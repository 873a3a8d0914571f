using System.Collections.Concurrent;

namespace Mirage.Interop;

/// <summary>The same scripts against our stack and the kernel's: what differs is in docs/kernel-differences.md, with
/// the reason.</summary>
public sealed class DifferentialTests
{
    private const string Needs = "root,tun,ip,tc";
    private const int ScriptsMin = 40, Rounds = 3;

    private static readonly string s_table = Path.Combine(UnikernelProcess.Root(), "docs", "kernel-differences.md");

    // The kernel's timers are real ones: a machine that stands still for longer than they last may show anything, so
    // what is not as listed is played again.
    [InteropFact(Needs = Needs)]
    public void EveryScript_OnBothStacks_DiffersOnlyAsListed()
    {
        var listed = DifferenceTable.Read(File.ReadAllLines(s_table)).ToLookup(row => row.Script);
        var found = Run(Scripts());
        for (var round = 1; round < Rounds; round++)
        {
            var others = Scripts().Where(script => !found[script.Name].SequenceEqual(listed[script.Name])).ToList();
            if (others.Count == 0)
                break;
            foreach (var (name, differences) in Run(others))
                found[name] = differences;
        }

        var all = listed.SelectMany(rows => rows).ToList();
        var news = found.Values.SelectMany(rows => rows).Except(all).ToList();
        var stale = all.Except(found.Values.SelectMany(rows => rows)).ToList();
        Assert.True(news.Count == 0, $"Not in {s_table}:\n{string.Join('\n', news)}");
        Assert.True(stale.Count == 0, $"In {s_table}, and no longer so:\n{string.Join('\n', stale)}");
    }

    [Fact]
    public void Scripts_OfAllKinds_AreManyAndNamedOnce()
    {
        var names = Scripts().Select(script => script.Name).ToList();
        Assert.True(names.Count >= ScriptsMin, $"There are {names.Count} scripts.");
        Assert.Equal(names.Distinct(), names);
    }

    [Fact]
    public void Difference_OfOneStep_IsFound()
    {
        StageStep[] ours = [new("a", ["1"]), new("b", [])], kernels = [new("a", ["1"]), new("b", ["2", "3"])];
        Assert.Equal([new Difference("s", "2: b", "–", "2; 3")], Difference.Between("s", ours, kernels));
    }

    [Fact]
    public void Table_RowWithoutAReason_IsRefused()
    {
        string[] head = ["| script | step | ours | kernel | why | where |", "|---|---|---|---|---|---|"];
        Assert.Equal([new Difference("s", "1: a", "x", "y")],
            DifferenceTable.Read([.. head, "| s | 1: a | x | y | because | RFC 1 |"]));
        Assert.Throws<FormatException>(() => DifferenceTable.Read([.. head, "| s | 1: a | x | y |  | RFC 1 |"]));
    }

    // Each script has a thread: nearly all of their time they wait.
    private static Dictionary<string, List<Difference>> Run(IReadOnlyList<DuelScript> scripts)
    {
        var found = new ConcurrentDictionary<string, List<Difference>>();
        var failures = new ConcurrentBag<Exception>();
        using var world = new KernelWorld();
        var threads = scripts.Select((script, number) => KernelCalls.Enter(world.Name, () =>
        {
            try
            {
                var kernels = KernelStage.Play(world, number, script.Play);
                var ours = OurStage.Play(script.Play);
                Show(script.Name, ours, kernels);
                found[script.Name] = [.. Difference.Between(script.Name, ours, kernels)];
            }
            catch (Exception failure) // A thread has nobody else to tell.
            {
                failures.Add(new InvalidOperationException($"{script.Name}: {failure.Message}", failure));
            }
        })).ToList();
        threads.ForEach(thread => thread.Join());
        return failures.IsEmpty ? new(found) : throw new AggregateException(failures);
    }

    // For whoever writes a script: DIFFERENTIAL_SHOW=FOLDER leaves a transcript of each there.
    private static void Show(string name, IReadOnlyList<StageStep> ours, IReadOnlyList<StageStep> kernels)
    {
        if (Environment.GetEnvironmentVariable("DIFFERENTIAL_SHOW") is not { Length: > 0 } folder)
            return;
        File.WriteAllLines(Path.Combine(folder, name), ours.Select((our, at) =>
            our.Outcome == kernels[at].Outcome ? $"  {our}" : $"- {our}\n+ {kernels[at]}"));
    }

    private static IReadOnlyList<DuelScript> Scripts() => DuelScript.In(typeof(OpenDuels), typeof(ReceiveDuels),
        typeof(SendDuels), typeof(CloseDuels), typeof(DefenceDuels), typeof(OptionDuels));
}
