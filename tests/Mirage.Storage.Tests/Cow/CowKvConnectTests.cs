using LanguageExt;
using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>Which devices are taken, formatted or refused.</summary>
public sealed class CowKvConnectTests
{
    private static readonly KvKey s_a = KvKey.Parse("/a");

    [Fact]
    public void DiskWithSomethingElse_Connected_IsRefusedUnlessItIsToBeFormatted()
    {
        var disk = new SimDisk(512, 2048);
        CowKvWorld.On(disk, async host =>
        {
            var sector = Enumerable.Repeat((byte)1, 512).ToArray();
            (await SimBlock.Write(SimBlock.Over(host, disk), 300, [sector])).Done();
            var error = (await Boot.Connect<CowKv<SimBlock>>(host, [])).LeftToList().Single();
            Assert.Contains("holds no store", error.Reason, StringComparison.Ordinal);
            Assert.Contains("--kv-format", error.Remedy, StringComparison.Ordinal);
        });
        CowKvWorld.Mounted(disk, async kv => (await CowKv<SimBlock>.Set(kv, s_a, new byte[9])).Done(), "--kv-format");
        CowKvWorld.Mounted(disk,
            async kv => Assert.Equal(9, (await CowKv<SimBlock>.Size(kv, s_a)).Done()), "--kv-format");
    }

    [Fact]
    public void Store_Formatted_IsEmptyWhateverRots()
    {
        var disk = new SimDisk(512, 2048);
        CowKvWorld.Mounted(disk, async kv => (await CowKv<SimBlock>.Set(kv, s_a, new byte[9])).Done());
        CowKvWorld.On(disk, async host => (await CowKv<SimBlock>.Format(host, SimBlock.Over(host, disk))).Done());
        disk.Inject(new DiskFault.BitRot(256, 100));
        CowKvWorld.Mounted(disk, async kv => Assert.Empty((await CowKv<SimBlock>.List(kv, KvKey.Root)).Done()));
        disk.Inject(new DiskFault.BitRot(384, 100));
        CowKvWorld.On(disk, async host => Assert.True((await Boot.Connect<CowKv<SimBlock>>(host, [])).IsRight));
    }

    [Theory]
    [InlineData(512, 511)]
    [InlineData(512, 570)]
    [InlineData(131072, 64)]
    public void DiskThatIsTooSmallOrOdd_Connected_IsRefused(int sectorSize, long sectors) =>
        CowKvWorld.On(new SimDisk(sectorSize, sectors), async host =>
            Assert.True((await Boot.Connect<CowKv<SimBlock>>(host, ["--kv-format"])).IsLeft));

    [Fact]
    public void ReadOnlyBlankDisk_Connected_IsRefused() =>
        CowKvWorld.On(new SimDisk(new BlockInfo(512, 2048) { ReadOnly = true }), async host =>
            Assert.True((await Boot.Connect<CowKv<SimBlock>>(host, [])).IsLeft));

    [Fact]
    public void SlotOfALaterVersion_Connected_IsRefusedAndNotFormatted()
    {
        var image = CowKvImage.Sample();
        image.ForgeSlot(static bytes => bytes.Span[8]++);
        CowKvWorld.On(image.ToDisk(), async host =>
        {
            var error = (await Boot.Connect<CowKv<SimBlock>>(host, ["--kv-format"])).LeftToList().Single();
            Assert.Contains("later version", error.Reason, StringComparison.Ordinal);
        });
    }
}
