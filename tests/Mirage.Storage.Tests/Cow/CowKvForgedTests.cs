using LanguageExt;
using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>Images whose sums are right and that no writer makes.</summary>
public sealed class CowKvForgedTests
{
    /// <summary>A dictionary whose one leaf is below many branches, again and again.</summary>
    [Fact]
    public void OnePageBelowManyBranches_Removed_IsRefusedWhenItsKeysDoNotRise()
    {
        var image = Image("/d/x");
        var next = new CowLayout(4096, image.Slot.Pages).FirstData + 20;
        var way = Put(0, new CowEntry(CowKey.OfName(1, "d"), CowRecord.OfDictionary(2).Emit(), default));
        var shared = Put(0, new CowEntry(CowKey.OfName(2, "x"), CowRecord.OfBytes(new byte[1], 5).Emit(), default));
        for (var level = 1; level <= 3; level++)
        {
            way = Put(level, new CowEntry(default, default, way));
            var below = shared;
            shared = Put(level, [.. Enumerable.Range(0, 10).Select(
                index => new CowEntry(index == 0 ? default : new byte[] { 1, (byte)index }, default, below))]);
        }

        var slot = image.Slot with
        {
            Root = Put(4, new CowEntry(default, default, way), new CowEntry(CowKey.OfId(2), default, shared)),
        };
        image.ForgeSlot(bytes => slot.Emit(bytes.Span));
        CowKvWorld.Mounted(image.ToDisk(), async kv =>
        {
            var error = (await CowKv<SimBlock>.Remove(kv, KvKey.Parse("/d"))).LeftToList().Single();
            Assert.Contains("out of order", $"{error}", StringComparison.Ordinal);
        });

        CowPointer Put(int level, params ReadOnlySpan<CowEntry> entries)
        {
            var page = CowPage.Emit(new CowDraft(null!, level, entries), next, 1, 4096);
            page.Bytes.Span.CopyTo(image.PageAt(next++));
            return page.Pointer;
        }
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("/ab")]
    [InlineData("ab/")]
    public void NameWithASlash_Listed_IsCorrupt(string name)
    {
        var image = Image("/aXb");
        image.Forge(image.Slot.Root.Page, page =>
            System.Text.Encoding.ASCII.GetBytes(name).CopyTo(page.Span[page.Span.IndexOf("aXb"u8)..]));
        CowKvWorld.Mounted(image.ToDisk(), async kv =>
            Assert.IsType<KvError.Corrupt>((await CowKv<SimBlock>.List(kv, KvKey.Root)).Case));
    }

    /// <summary>A longer row might leave a half of a split node that fits on no page.</summary>
    [Theory]
    [InlineData(521, true)]
    [InlineData(522, false)]
    public void Row_OfALength_IsReadIfAWriterMakesIt(int length, bool isRead)
    {
        var draft = new CowDraft(null!, 0, new CowEntry(CowKey.OfName(1, "a"), new byte[length], default));
        var page = CowPage.Emit(draft, 90, 1, 4096);
        Assert.Equal(!isRead, CowPage.Parse(page.Bytes.ToArray(), page.Pointer).Failed(out _, out _));
    }

    [Theory]
    [InlineData(93)]
    [InlineData(119)]
    [InlineData(120)]
    [InlineData(511)]
    public void SlotWithSomethingWhereZerosMustBeOrNoTime_Parsed_IsRefused(int at)
    {
        var image = Image("/a");
        image.ForgeSlot(bytes => bytes.Span[at] = 0x80);
        Assert.Null(CowSlot.Parse(image.Bytes[(int)CowSlot.Place(image.Slot.Generation + 1, 0)..], out var wrong));
        Assert.NotEmpty(wrong);
    }

    private static CowKvImage Image(string key)
    {
        var disk = new SimDisk(512, 2048);
        CowKvWorld.Mounted(disk, async kv => (await CowKv<SimBlock>.Set(kv, KvKey.Parse(key), new byte[5])).Done());
        return CowKvImage.Of(disk);
    }
}
