namespace Mirage.Testing;

/// <summary>One exploration: first every cut of the work, then cuts of what recovered from a cut.</summary>
internal sealed class CrashExploration<TState>(CrashScenario<TState> scenario, CrashLimits limits)
{
    private readonly SplitMix64 _random = new(limits.Seed);
    private List<(CrashCut<TState> Cut, IReadOnlyList<Survivor> Survivors, long Operation)> _next = [];
    private DiskSnapshot? _prepared;
    private CrashFailure? _failure;
    private bool _isExhaustive = true;
    private int _cuts;
    private int _outcomes;

    public CrashReport Run()
    {
        ExploreWork();
        for (var depth = 2; depth <= limits.Depth && _next.Count > 0 && _failure is null; depth++)
            ExploreRecovery(isLast: depth == limits.Depth);
        return new(_cuts, _outcomes, _isExhaustive, _failure);
    }

    private void ExploreWork()
    {
        if (Prepare() is { } failed)
        {
            _failure = new(failed, [], [], limits.Seed);
            return;
        }

        // Once to its end: how many operations there are, and whether it works without a power cut.
        var whole = CutWork(0, out var operations, out var reason);
        if (reason is not null)
        {
            _failure = new($"the work itself fails: {reason}", whole.Operations, [], limits.Seed);
            return;
        }

        foreach (var operation in Sample(operations))
        {
            if (_failure is null)
                Explore(CutWork(operation, out _, out _), limits.Outcomes, goesOn: limits.Depth > 1);
        }

        if (_failure is null)
            Explore(whole, limits.Outcomes, goesOn: limits.Depth > 1);
    }

    private void ExploreRecovery(bool isLast)
    {
        var places = _next;
        _next = [];
        var until = _outcomes + limits.Deeper;
        // In an order of chance, so that a limit does not mean that only the first cuts are followed.
        for (var left = places.Count; left > 0 && _outcomes < until && _failure is null; left--)
        {
            var chosen = _random.Next(left);
            var (cut, survivors, operation) = places[chosen];
            places[chosen] = places[left - 1];
            var outcomes = Math.Min(limits.Outcomes, until - _outcomes);
            Explore(CutRecovery(cut, survivors, operation), outcomes, goesOn: !isLast);
        }
    }

    // Every outcome of one power cut, up to the first that is wrong.
    private void Explore(CrashCut<TState> cut, int most, bool goesOn)
    {
        _cuts++;
        var (outcomes, all) = CrashOutcomes.Of(cut.Disk.Pending, scenario.Disk().AtomicBytes, most, _random);
        _isExhaustive &= all;
        foreach (var survivors in outcomes)
        {
            _outcomes++;
            if (Fails(cut, survivors, out var operations) is { } reason)
            {
                _failure = Shrink(cut, survivors, reason);
                return;
            }

            for (var operation = 1L; goesOn && operation <= operations; operation++)
                _next.Add((cut, survivors, operation));
        }
    }

    private string? Fails(CrashCut<TState> cut, IReadOnlyList<Survivor> survivors, out long operations)
    {
        var disk = After(cut, survivors);
        var before = Operations(disk);
        string? reason = null;
        var failed = Drive(disk, async host => reason = await scenario.Check(host, disk, cut.State), null);
        operations = Operations(disk) - before;
        return failed ?? reason;
    }

    // The power cut that does the least and is still wrong: what was lost or torn is kept, one after another.
    private CrashFailure Shrink(CrashCut<TState> cut, IReadOnlyList<Survivor> survivors, string reason)
    {
        for (var index = 0; index < cut.Disk.Pending.Count; index++)
        {
            Survivor[] milder = [.. survivors.Where(survivor => survivor.Pending != index), new(index)];
            milder = [.. milder.OrderBy(static survivor => survivor.Pending)];
            if (Fails(cut, milder, out _) is { } still)
                (survivors, reason) = (milder, still);
        }

        return new(reason, cut.Operations, [.. Damage(cut, survivors)], limits.Seed);
    }

    private IEnumerable<string> Damage(CrashCut<TState> cut, IReadOnlyList<Survivor> survivors)
    {
        var sectorSize = scenario.Disk().Info.SectorSize;
        for (var index = 0; index < cut.Disk.Pending.Count; index++)
        {
            var write = cut.Disk.Pending[index];
            var length = survivors.Where(survivor => survivor.Pending == index)
                .Select(survivor => Math.Min(survivor.Bytes, write.Bytes.Length)).LastOrDefault();
            var what = $"sector {write.Sector}, {SimDisk.Sectors(write.Bytes.Length / sectorSize)}" +
                (write.InFlight ? ", in flight" : "");
            if (length == 0)
                yield return $"lost: {what}";
            else if (length < write.Bytes.Length)
                yield return $"torn after {length} of {write.Bytes.Length} bytes: {what}";
        }
    }

    private string? Prepare()
    {
        var disk = scenario.Disk();
        var failed = Drive(disk, host => scenario.Prepare(host, disk), null);
        disk.CutPower();
        disk.Crash([.. disk.Pending.Select(static (_, index) => new Survivor(index))]);
        _prepared = disk.Snapshot();
        return failed is null ? null : $"the preparation fails: {failed}";
    }

    // The work up to an operation; with 0, to its end.
    private CrashCut<TState> CutWork(long operation, out long operations, out string? reason)
    {
        var (disk, state) = (scenario.Disk(), scenario.State());
        disk.Restore(_prepared!);
        disk.Crash([]);
        return Cut(disk, state, operation, host => scenario.Work(host, disk, state), [], out operations, out reason);
    }

    private CrashCut<TState> CutRecovery(CrashCut<TState> cut, IReadOnlyList<Survivor> survivors, long operation)
    {
        var disk = After(cut, survivors);
        var damage = Damage(cut, survivors).Select(static line => $"   {line}");
        string[] before = [.. cut.Operations, "power cut", .. damage];
        return Cut(disk, cut.State, operation, async host => await scenario.Check(host, disk, cut.State), before,
            out _, out _);
    }

    private CrashCut<TState> Cut(SimDisk disk, TState state, long operation, Func<Host, ValueTask> main,
        IReadOnlyList<string> before, out long operations, out string? reason)
    {
        var lines = new List<string>(before);
        var log = disk.Log;
        disk.Log = line =>
        {
            log?.Invoke(line);
            if (!disk.IsCut)
                lines.Add(line);
        };
        var first = Operations(disk);
        reason = Drive(disk, main, operation == 0 ? null : operation);
        operations = Operations(disk) - first;
        disk.Log = log;
        return new(disk.Snapshot(), state, lines);
    }

    private SimDisk After(CrashCut<TState> cut, IReadOnlyList<Survivor> survivors)
    {
        var disk = scenario.Disk();
        disk.Restore(cut.Disk);
        disk.Crash(survivors);
        return disk;
    }

    // Runs a program on a machine with that disk until it ends or its power is cut, and says how it failed.
    private string? Drive(SimDisk disk, Func<Host, ValueTask> main, long? cutAt)
    {
        using var host = new SimHost(limits.Seed);
        host.Attach("", disk);
        var log = disk.Log;
        var endless = new TaskCompletionSource();
        var requests = 0;
        // A disk without latency answers at once: only that it answers no more ends a program that asks for ever.
        disk.Log = line =>
        {
            log?.Invoke(line);
            if (++requests != limits.Requests + 1)
                return;
            disk.CutPower();
            endless.TrySetResult();
        };
        try
        {
            return host.Run(async () =>
            {
                var cut = new TaskCompletionSource();
                if (cutAt is { } operation)
                    disk.CutPowerAt(operation, cut.SetResult);
                using var ended = new CancellationTokenSource();
                var work = main(host).AsTask();
                var late = Task.Delay(limits.Time, host.Time, ended.Token);
                var first = await Task.WhenAny(endless.Task, cut.Task, work, late);
                ended.Cancel();
                if (first == endless.Task)
                    return $"it did not end within {limits.Requests} requests to its disk";
                if (first == late)
                    return $"it did not end within {limits.Time} of the host's time";
                if (first == work)
                    await work;
                return null;
            });
        }
        catch (Exception failure)
        {
            return $"{failure.GetType().Name}: {failure.Message}";
        }
        finally
        {
            disk.Log = log;
            disk.CutPower();
        }
    }

    private IEnumerable<long> Sample(long operations)
    {
        if (operations <= limits.Cuts)
            return Enumerable.Range(1, (int)operations).Select(static number => (long)number);
        _isExhaustive = false;
        var chosen = new SortedSet<long>();
        while (chosen.Count < limits.Cuts)
            chosen.Add(1 + _random.Next(operations));
        return chosen;
    }

    private static long Operations(SimDisk disk) =>
        disk.Counters.Writes + disk.Counters.Flushes + disk.Counters.Discards;
}
