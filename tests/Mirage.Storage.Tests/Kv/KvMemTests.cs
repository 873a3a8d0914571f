using System.IO.Pipelines;
using Mirage.Testing;

namespace Mirage.Storage.Tests;

public class KvMemTests
{
    [Fact]
    public void SnapshotOfADisconnectedStore_SaysSo() => Run(async (_, kv) =>
    {
        await KvMem.Disconnect(kv);
        Assert.IsType<KvError.Disconnected>(KvMem.Snapshot(kv).LeftToList().Single());
    });

    [Fact]
    public void SourceThatGivesMoreThanTheStoreHolds_IsNotReadToItsEnd() => Run(async (_, kv) =>
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        await pipe.Writer.WriteAsync(new byte[1001]); // And no end of it.
        var outcome = await KvMem.Write(kv, KvKey.Root / "a", pipe.Reader);
        Assert.IsType<KvWriteError.NoSpace>(outcome.LeftToList().Single());
    }, "--kv-capacity=1000");

    [Fact]
    public void BatchThatGoesBeyondTheCapacity_IsRefusedAtThatChange() => Run(async (_, kv) =>
    {
        var outcome = await KvMem.Batch(kv,
        [
            new KvChange.Set(KvKey.Root / "a", new byte[900]), new KvChange.Set(KvKey.Root / "b", new byte[900]),
            new KvChange.Remove(KvKey.Root / "a"),
        ]);
        Assert.Equal(new KvWriteError.NoSpace(KvKey.Root / "b"), outcome.LeftToList().Single());
        Assert.Empty((await KvMem.List(kv, KvKey.Root)).RightToList().Single());
    }, "--kv-capacity=1000");

    private static void Run(Func<Host, KvMem, ValueTask> test, params string[] arguments)
    {
        var host = new SimHost(1);
        host.Run(async () =>
        {
            var connected = (await Boot.Connect<KvMem>(host, arguments)).RightToList().Single();
            await test(host, connected.Device);
        });
    }
}
