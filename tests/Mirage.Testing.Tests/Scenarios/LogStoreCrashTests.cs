namespace Mirage.Testing.Tests;

/// <summary>The store of the key-value server under power cuts at every write and flush.</summary>
public sealed class LogStoreCrashTests
{
    private static readonly string[] s_keys = ["a", "b", "c"];

    [Theory]
    [InlineData(512)]
    [InlineData(1)]
    public void LogStore_EveryPowerCut_KeepsWhatWasAcknowledgedThenAndAfterwards(int atomicBytes)
    {
        var report = CrashExplorer.Check(new CrashScenario<Values>
        {
            Disk = () => new SimDisk(512, 256) { AtomicBytes = atomicBytes },
            State = static () => new Values(),
            Work = static async (host, disk, values) =>
            {
                var store = await Open(host, disk);
                for (var round = 1; round <= 3; round++)
                    await Task.WhenAll(s_keys.Select(key => Set(store, values, key, $"{key}{round}")));
            },
            Check = Check,
        });
        Assert.True(report.Cuts >= 8, report.ToString());
    }

    // What was found, then a change, and then a look with other eyes.
    private static async ValueTask<string?> Check(Host host, SimDisk disk, Values values)
    {
        var store = await Open(host, disk);
        foreach (var key in s_keys)
        {
            if (!values.Allows(key, store.Get(key)))
                return $"{key} is {store.Get(key) ?? "nothing"}";
        }

        if (await store.Set("c", "new") is { } failure)
            return failure;
        var again = (await Open(host, disk)).Get("c");
        return again is "new" ? null : $"c was set to new, and is {again ?? "nothing"} when it is looked for again";
    }

    private static async Task Set(LogStore<SimBlock> store, Values values, string key, string value)
    {
        values.Begin(key, value);
        if (await store.Set(key, value) is null)
            values.Acknowledge(key, value);
    }

    private static async ValueTask<LogStore<SimBlock>> Open(Host host, SimDisk disk) =>
        (await LogStore<SimBlock>.Open(SimBlock.Over(host, disk), 7)).Match(
            static store => store, static error => throw new InvalidOperationException(error.ToString()));

    private sealed class Values
    {
        private readonly Dictionary<string, List<string?>> _allowed = [];

        public void Begin(string key, string value) => Of(key).Add(value);

        public void Acknowledge(string key, string value) => Of(key).RemoveAll(other => other != value);

        // A second power cut finds what was set after the first.
        public bool Allows(string key, string? value) => Of(key).Contains(value) || (key, value) is ("c", "new");

        private List<string?> Of(string key) =>
            _allowed.TryGetValue(key, out var values) ? values : _allowed[key] = [null];
    }
}
