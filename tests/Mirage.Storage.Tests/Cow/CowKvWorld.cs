using LanguageExt;
using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>Stores on simulated disks, for tests that mount one again and again.</summary>
internal static class CowKvWorld
{
    /// <summary>Runs <paramref name="act"/> on a machine that has the disk.</summary>
    public static void On(SimDisk disk, Func<SimHost, ValueTask> act)
    {
        using var host = new SimHost(1);
        host.Attach("", disk);
        host.Run(async () => await act(host));
    }

    /// <summary>Runs <paramref name="act"/> on the store of a disk.</summary>
    public static void Mounted(SimDisk disk, Func<CowKv<SimBlock>, ValueTask> act, params string[] arguments) =>
        On(disk, async host =>
        {
            var store = await Open(host, arguments);
            await act(store.Device);
            await store.Disconnect();
        });

    public static async ValueTask<Connected<CowKv<SimBlock>>> Open(Host host, params string[] arguments) =>
        (await Boot.Connect<CowKv<SimBlock>>(host, arguments)).Match(
            Right: static store => store,
            Left: static error => throw new InvalidOperationException(error.Reason));

    public static T Done<TError, T>(this Either<TError, T> answer) => answer.Match(
        Right: static value => value,
        Left: static error => throw new InvalidOperationException($"{error}"));

    /// <summary>What a store holds, a line for each key: what <c>cowkv.py</c> prints.</summary>
    public static async ValueTask<string> Text(CowKv<SimBlock> kv)
    {
        var lines = new List<string>();
        await Add(KvKey.Root);
        return string.Join('\n', lines);

        async ValueTask Add(KvKey key)
        {
            foreach (var (child, kind) in (await CowKv<SimBlock>.List(kv, key)).Done())
            {
                if (kind is KvKind.Dictionary)
                {
                    lines.Add($"{child}/");
                    await Add(child);
                    continue;
                }

                var bytes = (await CowKv<SimBlock>.Get(kv, child)).Done();
                lines.Add($"{child} {bytes.Length} {Crc32C.Of(bytes.Span):x8}");
            }
        }
    }
}
