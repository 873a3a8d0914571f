using LanguageExt;
using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>What a disk does to a store behind its back: there is an error, or the right answer.</summary>
public sealed class CowKvDamageTests
{
    private static readonly CowKvImage s_image = CowKvImage.Sample();

    private static readonly Dictionary<KvKey, string> s_answers = Answers(s_image.ToDisk(), out _);

    /// <summary>C9: a bit of a slot, which has a copy, does no harm at all.</summary>
    [Fact]
    public void Slot_BitRots_NothingIsWrong()
    {
        for (var copy = 0; copy < 4; copy++)
        {
            for (var bit = 0; bit < CowSlot.Size * 8; bit += 41)
            {
                var image = s_image.Copy();
                image.Flip((copy * CowSlot.Spacing * 8L) + bit);
                Assert.Equal(s_answers, Answers(image.ToDisk(), out _));
            }
        }
    }

    /// <summary>C9: a bit of any page.</summary>
    [Fact]
    public void Page_BitRots_IsAnErrorOrTheRightAnswer()
    {
        var random = new SplitMix64(9);
        var noticed = 0;
        var last = (int)s_image.Slot.Pages;
        for (var page = CowSlot.Reserved / 4096; page < last; page++)
        {
            if (!s_image.PageAt(page).ContainsAnyExcept((byte)0))
                continue;
            var image = s_image.Copy();
            image.Flip((page * 4096L * 8) + random.Next(4096 * 8));
            noticed += ExpectRightOrErrors(image.ToDisk());
        }

        Assert.True(noticed >= 20, $"{noticed} pages that rotted were noticed");
    }

    /// <summary>C10: a write of the commits that made the store is lost, or goes elsewhere. A lost slot is the store of
    /// the commit before, which nothing on the disk contradicts.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Write_IsLostOrGoesAstray_IsAnErrorOrAnAnswerThatOnceWasRight(bool isLost)
    {
        for (var number = 1; number <= 60; number++)
        {
            var disk = new SimDisk(512, 2048);
            var values = new List<string> { "" };
            disk.Inject(isLost ? new DiskFault.LostWrite(number) : new DiskFault.MisdirectedWrite(700, number));
            CowKvWorld.On(disk, async host =>
            {
                var store = await CowKvWorld.Open(host, "--kv-cache=0");
                for (var round = 0; round < 8; round++)
                {
                    var bytes = KvSamples.Bytes(300 + (round * 1000), (ulong)round);
                    values.Add($"{Crc32C.Of(bytes)}");
                    _ = await CowKv<SimBlock>.Set(store.Device, KvKey.Parse("/a"), bytes);
                }
            });
            CowKvWorld.On(disk, async host =>
            {
                if ((await Boot.Connect<CowKv<SimBlock>>(host, [])).Case is not Connected<CowKv<SimBlock>> store)
                    return;
                var answer = await CowKv<SimBlock>.Get(store.Device, KvKey.Parse("/a"));
                if (answer.Case is KvError error)
                    Assert.True(error is KvError.Corrupt or KvError.NotFound, $"{error}");
                else
                    Assert.Contains($"{Crc32C.Of(answer.Done().Span)}", values);
            });
        }
    }

    /// <summary>C11: any read fails once: the answer says so, and the store goes on.</summary>
    [Fact]
    public void Read_Fails_IsAnErrorOnceAndTheStoreGoesOn()
    {
        for (var number = 1; number <= 40; number++)
        {
            var disk = s_image.ToDisk();
            CowKvWorld.Mounted(disk, async kv =>
            {
                disk.Inject(new DiskFault.ReadError(number));
                await ExpectRightOrErrors(kv);
                disk.Heal();
                Assert.Equal(0, await ExpectRightOrErrors(kv));
                (await CowKv<SimBlock>.Set(kv, KvKey.Parse("/new"), new byte[9])).Done();
            });
        }
    }

    /// <summary>C11: any write or flush fails: the old state is there, now and after a start, or, where that cannot be
    /// known, the store takes no more writes and shows the old state until the next start.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WriteOrFlush_Fails_KeepsTheOldStateOrTakesNoMoreWrites(bool isWrite)
    {
        for (var number = 1; number <= 12; number++)
        {
            var (disk, key) = (s_image.ToDisk(), KvKey.Parse("/large/value"));
            var bytes = KvSamples.Bytes(70_001, 7);
            CowKvWorld.Mounted(disk, async kv =>
            {
                disk.Inject(isWrite ? new DiskFault.WriteError(number) : new DiskFault.FlushError(number));
                var answer = await CowKv<SimBlock>.Set(kv, key, bytes);
                disk.Heal();
                var size = (await CowKv<SimBlock>.Size(kv, key)).Done();
                Assert.Equal(answer.IsRight ? bytes.Length : 70_000, size);
                var next = await CowKv<SimBlock>.Set(kv, KvKey.Parse("/next"), new byte[9]);
                Assert.True(next.IsRight || next.Case is KvWriteError.ReadOnly or KvWriteError.Read, $"{next}");
                Assert.Equal(size, (await CowKv<SimBlock>.Size(kv, key)).Done());
            });
            disk.Heal();
            disk.CutPower();
            disk.Crash();
            CowKvWorld.Mounted(disk, async kv =>
            {
                var whole = (await CowKv<SimBlock>.Get(kv, key)).Done();
                Assert.True(whole.Span.SequenceEqual(bytes) || whole.Span.SequenceEqual(KvSamples.Bytes(70_000, 2)));
                (await CowKv<SimBlock>.Set(kv, KvKey.Parse("/next"), new byte[9])).Done();
            });
        }
    }

    /// <summary>K28: a store that is only read is not written.</summary>
    [Fact]
    public void ReadOnlyDisk_IsReadAndNeverWritten()
    {
        var disk = new SimDisk(new BlockInfo(512, 2048) { ReadOnly = true });
        var writable = s_image.ToDisk();
        disk.Restore(writable.Snapshot());
        disk.Crash([.. disk.Pending.Select(static (_, index) => new Survivor(index))]);
        CowKvWorld.Mounted(disk, async kv =>
        {
            Assert.Equal(0, await ExpectRightOrErrors(kv));
            Assert.Equal(new KvWriteError.ReadOnly(), (await CowKv<SimBlock>.Set(kv, KvKey.Root / "a", default)).Case);
        });
        Assert.Equal(0, disk.Counters.Writes);
        Assert.True(CowKvImage.Of(disk).Bytes.SequenceEqual(s_image.Bytes));
    }

    /// <summary>C20 and the like: images whose sums are right and whose words are wrong.</summary>
    [Fact]
    public void ForgedImages_GiveTypedErrorsOrAnswersInBoundedTime()
    {
        var random = new SplitMix64(20);
        var refused = 0;
        foreach (var page in s_image.Nodes())
        {
            for (var round = 0; round < 60; round++)
            {
                var image = s_image.Copy();
                image.Forge(page, bytes => Forge(bytes.Span, random));
                refused += Survive(image);
            }
        }

        for (var round = 0; round < 100; round++)
        {
            var image = s_image.Copy();
            image.ForgeSlot(bytes => Forge(bytes.Span[..128], random));
            refused += Survive(image);
        }

        Assert.True(refused > 200, $"{refused} were refused, in whole or in part");
    }

    // A few bytes become others, or are those of another place.
    private static void Forge(Span<byte> bytes, SplitMix64 random)
    {
        for (var count = 1 + random.Next(3); count > 0; count--)
        {
            var at = random.Next(random.Next(2) == 0 ? 64 : bytes.Length - 8);
            if (random.Next(3) == 0)
                bytes.Slice(random.Next(bytes.Length - 8), 8).CopyTo(bytes[at..]);
            else
                bytes[at] = (byte)(random.Next(2) == 0 ? random.Next(256) : random.Next(2) * 255);
        }
    }

    // Everything that can be asked is asked, and the store is written and emptied: nothing throws or goes on for ever.
    private static int Survive(CowKvImage image)
    {
        var disk = image.ToDisk();
        var errors = 0;
        CowKvWorld.On(disk, async host =>
        {
            if ((await Boot.Connect<CowKv<SimBlock>>(host, [])).Case is not Connected<CowKv<SimBlock>> store)
            {
                errors++;
                return;
            }

            foreach (var key in s_answers.Keys)
                errors += (await Answer(store.Device, key)).StartsWith("error", StringComparison.Ordinal) ? 1 : 0;
            KvChange[] changes =
            [
                new KvChange.Set(KvKey.Parse("/d1/new"), new byte[3000]), new KvChange.Remove(KvKey.Parse("/d2")),
                new KvChange.SetPartial(KvKey.Parse("/large/value"), 40_000, new byte[9]),
                new KvChange.Remove(KvKey.Root),
            ];
            foreach (var change in changes)
                errors += (await CowKv<SimBlock>.Batch(store.Device, [change])).IsLeft ? 1 : 0;
            await store.Disconnect();
        });
        Assert.True(disk.Counters.Reads < 20_000, $"{disk.Counters.Reads} reads");
        return errors > 0 ? 1 : 0;
    }

    private static int ExpectRightOrErrors(SimDisk disk)
    {
        var answers = Answers(disk, out var errors);
        Assert.All(answers, answer => Assert.Contains(answer.Value, (string[])[s_answers[answer.Key], "error"]));
        return errors;
    }

    private static async ValueTask<int> ExpectRightOrErrors(CowKv<SimBlock> kv)
    {
        var errors = 0;
        foreach (var (key, right) in s_answers)
        {
            var answer = await Answer(kv, key);
            Assert.True(answer == right || answer.StartsWith("error", StringComparison.Ordinal), $"{key}: {answer}");
            errors += answer == right ? 0 : 1;
        }

        return errors;
    }

    private static Dictionary<KvKey, string> Answers(SimDisk disk, out int errors)
    {
        var answers = new Dictionary<KvKey, string>();
        CowKvWorld.On(disk, async host =>
        {
            if ((await Boot.Connect<CowKv<SimBlock>>(host, [])).Case is not Connected<CowKv<SimBlock>> store)
                return;
            KvKey[] keys = s_answers is null
                ? [.. Enumerable.Range(0, 121).Select(static index => KvKey.Parse($"/d{index % 3}/key{index}")),
                    KvKey.Parse("/large/value"), KvKey.Parse("/large/zeros"), KvKey.Parse("/日本/🦉"), KvKey.Root,
                    KvKey.Parse("/d0"), KvKey.Parse("/large")]
                : [.. s_answers.Keys];
            foreach (var key in keys)
                answers[key] = await Answer(store.Device, key);
            await store.Disconnect();
        });
        errors = answers.Count == 0 ? 1 : answers.Values.Count(static answer => answer == "error");
        return answers;
    }

    private static async ValueTask<string> Answer(CowKv<SimBlock> kv, KvKey key)
    {
        var value = await CowKv<SimBlock>.Get(kv, key);
        if (value.Case is KvError.ValueExpected)
            return (await CowKv<SimBlock>.List(kv, key)).Match(
                Right: static children => string.Join(' ', children), Left: static _ => "error");
        return value.Match(
            Right: static bytes => $"{bytes.Length} {Crc32C.Of(bytes.Span):x8}",
            Left: static error => error is KvError.NotFound ? "nothing" : "error");
    }
}
