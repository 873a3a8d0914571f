using LanguageExt;

namespace Mirage.Testing.Tests;

public sealed class SimDiskFaultTests
{
    [Fact]
    public void ReadError_SecondRead_FailsAndTheThirdDoesNot() => Run(async (disk, probe) =>
    {
        disk.Inject(new DiskFault.ReadError(Number: 2));
        Assert.True((await probe.Read(0)).IsRight);
        Assert.Equal(new BlockError.Io(0, "the read failed"), Error(await probe.Read(0)));
        Assert.True((await probe.Read(0)).IsRight);
        Assert.Equal(1, disk.Counters.ReadErrors);
    });

    [Fact]
    public void WriteError_ThreeTimes_EachUnitIsOldOrNew() => Run(async (disk, probe) =>
    {
        disk.Inject(new DiskFault.WriteError(Times: 3));
        for (byte value = 1; value <= 3; value++)
            Assert.IsType<BlockError.Io>(Error(await probe.Write(0, value, value, value, value)));
        Assert.All(DiskProbe.Peek(disk, 0, 4), value => Assert.InRange(value, 0, 3));
        Assert.True((await probe.Write(0, 9)).IsRight);
        Assert.Equal(3, disk.Counters.WriteErrors);
    });

    [Fact]
    public void FlushError_OnceFailed_FailsUntilThePowerIsCut() => Run(async (disk, probe) =>
    {
        disk.Inject(new DiskFault.FlushError(Number: 2));
        Assert.True((await probe.Flush()).IsRight);
        await probe.Write(0, 1);
        for (var flush = 0; flush < 3; flush++)
            Assert.IsType<BlockError.Io>(Error(await probe.Flush()));
        // What a failed flush was to make durable is not.
        disk.Crash([]);
        Assert.Equal([0], DiskProbe.Peek(disk, 0, 1));
        using var host = new SimHost();
        host.Run(async () => Assert.True((await new DiskProbe(host, disk).Flush()).IsRight));
    });

    [Fact]
    public void UnreadableSector_Written_CanBeReadAgain() => Run(async (disk, probe) =>
    {
        disk.Inject(new DiskFault.Unreadable(2, Sectors: 2));
        Assert.Equal(new BlockError.Io(2, "the sector cannot be read"), Error(await probe.Read(0, 4)));
        Assert.True((await probe.Read(0, 2)).IsRight);
        await probe.Write(2, 5);
        Assert.True((await probe.Read(2)).IsRight);
        Assert.True((await probe.Read(3)).IsLeft);
    });

    [Fact]
    public void LostWrite_Acknowledged_NeverLands() => Run(async (disk, probe) =>
    {
        await probe.Write(0, 1);
        disk.Inject(new DiskFault.LostWrite());
        Assert.True((await probe.Write(0, 2)).IsRight);
        Assert.Equal([1], DiskProbe.Peek(disk, 0, 1));
        Assert.Equal(1, disk.Counters.LostWrites);
    });

    [Fact]
    public void MisdirectedWrite_Acknowledged_LandsElsewhere() => Run(async (disk, probe) =>
    {
        disk.Inject(new DiskFault.MisdirectedWrite(7));
        Assert.True((await probe.Write(0, 1, 2)).IsRight);
        // Two sectors do not fit at the last one.
        Assert.Equal([0, 0, 0, 0, 0, 0, 1, 2], DiskProbe.Peek(disk, 0, 8));
        Assert.Equal(1, disk.Counters.MisdirectedWrites);
    });

    [Fact]
    public void BitRot_OfAFlushedSector_IsReadAndStays() => Run(async (disk, probe) =>
    {
        await probe.Write(3, 1);
        await probe.Flush();
        disk.Inject(new DiskFault.BitRot(3, 1));
        Assert.Equal([3], DiskProbe.Peek(disk, 3, 1));
        disk.Crash();
        Assert.Equal([3], DiskProbe.Peek(disk, 3, 1));
    });

    [Fact]
    public void BitRot_UnderAnUnflushedWrite_IsHiddenByIt() => Run(async (disk, probe) =>
    {
        await probe.Write(3, 1);
        disk.Inject(new DiskFault.BitRot(3, 7));
        Assert.Equal([1], DiskProbe.Peek(disk, 3, 1));
        disk.Crash([]);
        Assert.Equal([128], DiskProbe.Peek(disk, 3, 1));
    });

    [Fact]
    public void FullDisk_NewSector_IsRefusedAndDiscardMakesRoom() => Run(async (disk, probe) =>
    {
        await probe.Write(1, 1);
        disk.Inject(new DiskFault.Full());
        Assert.Equal(new BlockError.Io(2, "no space is left"), Error(await probe.Write(1, 2, 2)));
        Assert.True((await probe.Write(1, 3)).IsRight);
        disk.Inject(new DiskFault.NotFull());
        Assert.True((await probe.Write(2, 2)).IsRight);
    });

    [Fact]
    public void ShortDevice_PastItsEnd_FailsThere() => Run(async (disk, probe) =>
    {
        disk.Inject(new DiskFault.Truncated(6));
        Assert.Equal(8, disk.Info.SectorCount);
        Assert.True((await probe.Write(5, 1)).IsRight);
        Assert.Equal(new BlockError.Io(6, "the device ends before it"), Error(await probe.Write(5, 1, 1)));
        Assert.Equal(new BlockError.Io(7, "the device ends before it"), Error(await probe.Read(7)));
    });

    [Fact]
    public void Chances_OfEveryKind_StrikeAboutThatOften()
    {
        var disk = new SimDisk(512, 64, 3)
        {
            Chances = new()
            {
                ReadError = 100,
                WriteError = 100,
                LostWrite = 100,
                MisdirectedWrite = 100,
                BitRot = 100,
            },
        };
        using var host = new SimHost();
        host.Run(async () =>
        {
            var probe = new DiskProbe(host, disk);
            for (var step = 0; step < 1000; step++)
            {
                await probe.Write(step % 64, 1);
                await probe.Read(step % 64);
            }
        });
        long[] struck =
        [
            disk.Counters.ReadErrors, disk.Counters.WriteErrors, disk.Counters.LostWrites,
            disk.Counters.MisdirectedWrites, disk.Counters.RottenBits,
        ];
        Assert.All(struck, count => Assert.InRange(count, 50, 150));
        Assert.Equal(struck.Sum(), disk.Counters.Faults);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1001)]
    public void Chances_OfNoPermille_AreACallersMistake(int permille) =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new SimDisk(512, 1) { Chances = new() { FlushError = permille } });

    [Theory]
    [InlineData("read-error 2 3")]
    [InlineData("write-error 1 1")]
    [InlineData("flush-error 1")]
    [InlineData("unreadable 7 1")]
    [InlineData("lost-write 1 1")]
    [InlineData("misdirected-write 7 1")]
    [InlineData("bit-rot 7 4095")]
    [InlineData("full")]
    [InlineData("not-full")]
    [InlineData("truncated 3")]
    [InlineData("slow 10")]
    public void FaultOfAPlan_InWords_IsDoneUnlessItIsARehearsal(string words)
    {
        var lines = new List<string>();
        var disk = new SimDisk(512, 8) { Log = lines.Add };
        Assert.True(disk.TryFault(words, rehearse: true));
        Assert.Empty(lines);
        Assert.True(disk.TryFault(words, rehearse: false));
        Assert.Equal($"fault: {words}", lines[0]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("explode")]
    [InlineData("full 1")]
    [InlineData("bit-rot 7")]
    [InlineData("bit-rot 7 4096")]
    [InlineData("unreadable 7 2")]
    [InlineData("unreadable -1")]
    [InlineData("misdirected-write 8")]
    [InlineData("read-error 0")]
    [InlineData("read-error 1 1 1")]
    [InlineData("slow 0")]
    public void FaultOfAPlan_ThatTheDiskCannotHave_IsNotKnown(string words) =>
        Assert.False(new SimDisk(512, 8).TryFault(words, rehearse: true));

    private static void Run(Func<SimDisk, DiskProbe, ValueTask> test)
    {
        using var host = new SimHost();
        var disk = new SimDisk(512, 8);
        host.Run(() => test(disk, new DiskProbe(host, disk)));
    }

    private static BlockError Error<T>(Either<BlockError, T> outcome) =>
        outcome.Match(_ => throw new InvalidOperationException("It succeeded."), error => error);
}
