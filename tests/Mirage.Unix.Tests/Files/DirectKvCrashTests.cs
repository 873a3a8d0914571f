using System.Globalization;
using System.Text.RegularExpressions;
using LanguageExt;
using static Mirage.Unix.Tests.SocketPair;

namespace Mirage.Unix.Tests;

/// <summary>What a directory holds when the program that wrote it was ended at any moment, and in which order it asked
/// for what a power cut must not undo.</summary>
public sealed class DirectKvCrashTests : IDisposable
{
    private const int Kills = 12;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mirage-test-");

    public void Dispose() => _root.Delete(recursive: true);

    [StraceFact]
    public async Task Set_IsWrittenAndSyncedBeforeItIsNamedAndTheNameIsSyncedAfter()
    {
        var trace = Path.GetTempFileName();
        using (var child = Child.StartTraced(trace, "pwritev,fsync,fdatasync,mkdirat,renameat,renameat2,rename", "set",
            $"--files={_root.FullName}", "--rounds=1"))
        {
            await child.WaitForExitAsync();
            Assert.Equal("1\n", await child.StandardOutput.ReadToEndAsync());
        }

        var calls = (await File.ReadAllLinesAsync(trace)).Select(Shorten).OfType<string>();
        File.Delete(trace);
        Assert.Equal(
        [
            "mkdirat / .mirage-tmp", "pwritev /.mirage-tmp/1", "fsync /.mirage-tmp/1",
            "mkdirat / a", "fsync /", "mkdirat /a b", "fsync /a",
            "renameat /.mirage-tmp 1 /a/b value", "fsync /a/b",
        ], calls);
    }

    [Fact]
    public async Task ProgramThatIsKilled_LeavesEachValueWholeAndWhatWasAcknowledged()
    {
        var last = 0;
        Seed();
        for (var kill = 0; kill < Kills; kill++)
        {
            using var child = Child.Start("set", $"--files={_root.FullName}");
            var acknowledged = 0;
            for (var line = 0; line <= kill; line++)
                acknowledged = int.Parse((await child.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
            child.Kill();
            var rest = await child.StandardOutput.ReadToEndAsync();
            await child.WaitForExitAsync();
            foreach (var line in rest.Split('\n', StringSplitOptions.RemoveEmptyEntries).SkipLast(1))
                acknowledged = int.Parse(line, CultureInfo.InvariantCulture);
            last = Math.Max(last, Check(acknowledged));
        }

        Assert.True(last >= Kills, "The kills met the program at work.");
    }

    // One thing in one of two places, for the child to move.
    private void Seed() => Run(static async kv =>
        Right(await DirectKv.Set(kv, Setter.Side(1), new byte[] { 1, 2, 3 })));

    private int Check(int acknowledged)
    {
        var round = 0;
        Run(async kv =>
        {
            var value = Right(await DirectKv.Get(kv, Setter.Place)).ToArray();
            round = BitConverter.ToInt32(value);
            Assert.Equal(Setter.Value(round), value);
            Assert.True(round >= acknowledged, $"{acknowledged} was acknowledged, {round} is there.");
            var places = new[] { Setter.Side(0), Setter.Side(1) };
            var found = new List<KvKey>();
            foreach (var place in places)
            {
                if (Right(await DirectKv.Exists(kv, place)).IsSome)
                    found.Add(place);
            }

            var only = Assert.Single(found);
            Assert.Equal([1, 2, 3], Right(await DirectKv.Get(kv, only)).ToArray());
            if (only != Setter.Side(1)) // Where the next child takes it from.
                Right(await DirectKv.Rename(kv, only, Setter.Side(1)));
        });
        return round;
    }

    private void Run(Func<DirectKv, ValueTask> test)
    {
        using var host = new UnixHost();
        host.Run(async () =>
        {
            var kv = Right(await Boot.Connect<DirectKv>(host, [$"--files={_root.FullName}"])).Device;
            await test(kv);
            await DirectKv.Disconnect(kv);
        });
    }

    // The call and what it names, with paths beneath the root: "renameat /.mirage-tmp 1 /a/b value".
    private string? Shorten(string line)
    {
        var call = Regex.Match(line, @"^\d+ +(\w+)\((.*)\) += 0|^\d+ +(\w+)\((.*)\) += \d+$");
        if (!call.Success || !line.Contains(_root.FullName, StringComparison.Ordinal))
            return null;
        var name = call.Groups[1].Value + call.Groups[3].Value;
        var arguments = call.Groups[2].Value + call.Groups[4].Value;
        var named = Regex.Matches(arguments, "<(?<path>/[^>]*)>|^(?<path>)$|\"(?<name>[^\"]*)\"")
            .Select(match => match.Groups["name"].Success ? match.Groups["name"].Value : Beneath(match));
        return $"{name} {string.Join(' ', name.StartsWith('p') ? named.Take(1) : named)}";
    }

    private string Beneath(Match match)
    {
        var path = match.Groups["path"].Value[_root.FullName.Length..];
        return path.Length == 0 ? "/" : path;
    }
}
