using FsCheck.Xunit;
using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>The parts of the format, each for itself.</summary>
public sealed class CowFormatTests
{
    [Fact]
    public void Crc32C_OfTheCheckString_IsThePublishedValue() => Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8));

    [Property]
    public void Crc32C_FedInPieces_IsTheSame(byte[] first, byte[] second) =>
        Assert.Equal(Crc32C.Of([.. first, .. second]), Crc32C.Append(Crc32C.Of(first), second));

    [Property]
    public void Slot_RoundTrip(ulong generation, long nextId, uint sum, ulong id, uint time)
    {
        var slot = new CowSlot
        {
            PageSize = 8192,
            ChunkSize = 32768,
            Pages = 1 + (sum % 1000),
            StoreId = new(id, generation),
            Generation = generation | 1,
            NextId = 2 + (nextId & int.MaxValue),
            Root = new(nextId, generation, sum),
            Map = new(generation, sum, 7, 1),
            Time = time,
        };
        var bytes = new byte[CowSlot.Size];
        slot.Emit(bytes);
        Assert.Equal(slot, CowSlot.Parse(bytes, out _));
    }

    [Property]
    public void Record_RoundTrip(byte[] bytes, uint id, uint size)
    {
        foreach (var record in (CowRecord[])[CowRecord.OfDictionary(id + 1L), CowRecord.OfBytes(bytes, id),
            CowRecord.OfChunks(id + 1L, size, size)])
            Assert.Equal(record.Emit(), CowRecord.Parse(record.Emit()).Value.Emit());
    }

    [Property]
    public void Record_OfAnyBytes_IsParsedOrRefused(byte[] bytes)
    {
        if (!CowRecord.Parse(bytes).Failed(out _, out var record))
            Assert.Equal(bytes, record.Emit());
    }

    [Property]
    public void Name_RoundTrip_InTheOrderOfStrings(string? first, string? second)
    {
        var (one, other) = (CowKey.OfName(7, first ?? ""), CowKey.OfName(7, second ?? ""));
        if (one is null || other is null)
            return;
        Assert.Equal(first ?? "", CowKey.NameOf(one));
        Assert.Equal(Math.Sign(string.CompareOrdinal(first ?? "", second ?? "")),
            Math.Sign(one.AsSpan().SequenceCompareTo(other)));
    }

    /// <summary>A map of several levels, taken from and given back across its pages, as it is after a start.</summary>
    [Fact]
    public void Map_OfThreeLevels_TakenAndFreedAndOpenedAgain_KnowsWhatIsFree()
    {
        var disk = new SimDisk(4096, 1L << 25);
        var layout = new CowLayout(4096, 1L << 25);
        Assert.Equal(3, layout.Levels);
        CowKvWorld.On(disk, async host =>
        {
            var device = new CowDevice<SimBlock>(SimBlock.Over(host, disk));
            var map = (await CowMap.Open(device, layout, default)).Value;
            Assert.Equal(layout.DataPages, map.Free);
            var taken = (await map.Take(70_000, 0)).Value;
            Assert.Equal(70_000, taken.Sum(static run => run.Count));
            Assert.Null(await map.Apply(taken, []));
            var first = (await map.Write(1)).Value;
            map.Accept();

            CowRun[] freed = [taken[0] with { Count = 5000 }];
            Assert.Null(await map.Apply([], freed));
            var second = (await map.Write(2)).Value;
            map.Accept();
            Assert.Equal(layout.DataPages - 70_000, map.Free);
            map.Release(freed);
            Assert.Equal(layout.DataPages - 65_000, map.Free);
            Assert.Equal(layout.DataPages - 65_000, (await CowMap.Open(device, layout, second)).Value.Free);
            Assert.IsType<CowFault.Corrupt>(await map.Apply([], freed));

            // The one before is overwritten only by the next.
            Assert.Equal(layout.DataPages - 70_000, (await CowMap.Open(device, layout, first)).Value.Free);
            Assert.IsType<CowFault.NoSpace>((await map.Take(int.MaxValue, 0)).Fault);
        });
    }
}
