using System.Diagnostics;
using LanguageExt;
using Microsoft.Win32.SafeHandles;
using static Mirage.Unix.Tests.SocketPair;

namespace Mirage.Unix.Tests;

public sealed class FileBlockTests : IDisposable
{
    private const int SectorSize = 512;
    private const int Sectors = 4096;

    private readonly TestDisk _disk = new(SectorSize, Sectors);

    public void Dispose() => _disk.Dispose();

    [Fact]
    public void FileInUse_IsRefusedToASecondDevice() => Run(async (host, block) =>
    {
        var second = await Boot.Connect<FileBlock>(host, [$"--block={_disk.Path}"]);
        Assert.Contains("in use by another program", Left(second).Reason, StringComparison.Ordinal);
        var reader = await Boot.Connect<FileBlock>(host, [$"--block={_disk.Path}", "--block-read-only"]);
        Assert.Contains("in use by another program", Left(reader).Reason, StringComparison.Ordinal);
        Assert.True((await FileBlock.Read(block, 0, [new byte[SectorSize]])).IsRight);
    });

    [Fact]
    public void FileThatIsReadAlone_HasSeveralReadersAndNoWriter() => Run(async (host, _) =>
    {
        var reader = Right(await Boot.Connect<FileBlock>(host, [$"--block={_disk.Path}", "--block-read-only"]));
        Assert.True((await Boot.Connect<FileBlock>(host, [$"--block={_disk.Path}"])).IsLeft);
        await FileBlock.Disconnect(reader.Device);
    }, "--block-read-only");

    [Theory]
    [InlineData("", "no name")]
    [InlineData("none.img", "no such file")]
    [InlineData(".", "neither a file nor a disk|is a directory")]
    [InlineData("pipe", "neither a file nor a disk")]
    public async Task PathThatIsNoDisk_IsSaid(string name, string reason)
    {
        var folder = Path.GetDirectoryName(_disk.Path)!;
        Assert.Equal(0, TestLibc.MakePipe(Path.Combine(folder, "pipe"), 0b110_000_000));
        using var host = new UnixHost();
        var path = name.Length == 0 ? "" : Path.Combine(folder, name);
        Assert.Matches(reason, Left(await Boot.Connect<FileBlock>(host, [$"--block={path}"])).Reason);
    }

    [Fact]
    public async Task LengthThatIsNoWholeSectors_IsSaid()
    {
        _disk.SetLength((SectorSize * 10) + 100);
        using var host = new UnixHost();
        var error = Left(await Boot.Connect<FileBlock>(host, [$"--block={_disk.Path}"]));
        Assert.Contains("has 5220 bytes, which are no whole sectors of 512 bytes", error.Reason,
            StringComparison.Ordinal);
        Assert.Contains("truncate --size=%512 ", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FileThatShrank_IsReportedAndNotMadeLonger(bool isDirect) => Run(async (_, block) =>
    {
        _disk.SetLength(SectorSize * 64);
        var read = await FileBlock.Read(block, 60, [new byte[SectorSize * 8]]);
        Assert.Equal(new BlockError.Io(60, DiskFile.Shrunk), read.LeftToList().Single());
        var write = await FileBlock.Write(block, 64, [new byte[SectorSize]]);
        Assert.Equal(new BlockError.Io(64, DiskFile.Shrunk), write.LeftToList().Single());
        Assert.Equal(SectorSize * 64, new FileInfo(_disk.Path).Length);
        Assert.True((await FileBlock.Write(block, 63, [new byte[SectorSize]])).IsRight);
    }, isDirect ? ["--block-direct"] : []);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ManyBuffersOfAnyAlignment_KeepTheirOrder(bool isDirect) => Run(async (_, block) =>
    {
        // More than one system call takes, and none where direct access wants it.
        var bytes = Pattern((SectorSize * 2500) + 1);
        var written = Enumerable.Range(0, 2500)
            .Select(index => (ReadOnlyMemory<byte>)bytes.AsMemory(1 + (index * SectorSize), SectorSize)).ToArray();
        Assert.True((await FileBlock.Write(block, 7, written)).IsRight);
        var whole = new byte[(SectorSize * 2500) + 3];
        Assert.True((await FileBlock.Read(block, 7, [whole.AsMemory(3)])).IsRight);
        Assert.Equal(bytes[1..], whole[3..]);
        var parts = Enumerable.Range(0, 2500).Select(static _ => new byte[SectorSize].AsMemory()).ToArray();
        Assert.True((await FileBlock.Read(block, 7, parts)).IsRight);
        Assert.Equal(bytes[1..], parts.SelectMany(static part => part.ToArray()).ToArray());
    }, isDirect ? ["--block-direct"] : []);

    [Fact]
    public void UncachedSectors_Read_ComeBackToTheLoop() => Run(async (host, block) =>
    {
        await FileBlock.Write(block, 0, [Pattern(SectorSize * 100)]);
        Assert.True((await FileBlock.Flush(block)).IsRight);
        using (var file = File.OpenHandle(_disk.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
            TestLibc.DropFromCache(file);
        var bytes = new byte[SectorSize * 100];
        Assert.True((await FileBlock.Read(block, 0, [bytes])).IsRight);
        Assert.Equal(Pattern(SectorSize * 100), bytes);
        Assert.True(host.Loop.IsCurrent);
    });

    [Fact]
    public void DiscardedSectors_GiveTheirRoomBack() => Run(async (_, block) =>
    {
        await FileBlock.Write(block, 0, [Pattern(SectorSize * Sectors)]);
        await FileBlock.Flush(block);
        Assert.Equal(0, TestLibc.FirstData(_disk.Path));
        Assert.True((await FileBlock.Discard(block, 0, Sectors)).IsRight);
        await FileBlock.Flush(block);
        Assert.Equal(-1, TestLibc.FirstData(_disk.Path));
    });

    [Fact]
    public void Disconnect_WaitsForWhatIsUnderWay() => Run(async (_, block) =>
    {
        var writes = Enumerable.Range(0, 20)
            .Select(index => FileBlock.Write(block, index * 100, [Pattern(SectorSize * 100)]).AsTask()).ToArray();
        await FileBlock.Disconnect(block);
        Assert.All(await Task.WhenAll(writes), static outcome => Assert.True(outcome.IsRight));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SteadyState_AllocatesNothing(bool isDirect) => Run(async (_, block) =>
    {
        ReadOnlyMemory<byte>[] written = [Pattern(SectorSize * 8), Pattern(SectorSize)];
        Memory<byte>[] read = [new byte[SectorSize * 8], new byte[SectorSize]];
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 10 && least > 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var round = 0; round < 200; round++)
            {
                Succeeds(await FileBlock.Write(block, round, written));
                Succeeds(await FileBlock.Read(block, round, read));
            }

            Succeeds(await FileBlock.Flush(block));
            Succeeds(await FileBlock.Discard(block, 0, 10));
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }, isDirect ? ["--block-direct"] : []);

    [Fact]
    public void FlushAfterOneThatFailed_FailsToo() => Run(async (host, block) =>
    {
        // A pipe cannot be flushed; then a file, which can be, takes its place.
        var ends = TestLibc.PipeEnds();
        var handle = new SafeFileHandle(ends.Read, ownsHandle: true);
        var disk = new FileDisk(host, new DiskFile(handle, isDisk: true, alignment: 1), FileBlock.Info(block));
        var first = Left(await disk.Flush());
        Assert.IsType<BlockError.Io>(first);
        using (var file = File.OpenHandle(_disk.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
            Assert.Equal(ends.Read, TestLibc.Replace((int)file.DangerousGetHandle(), ends.Read));
        Assert.True((await disk.Write(0, [new byte[SectorSize]])).IsRight);
        Assert.Equal(first, Left(await disk.Flush()));
        Assert.Equal(first, Left(await disk.Flush()));
        await disk.Disconnect();
        Assert.Equal(0, TestLibc.Close(ends.Write));
    });

    [Fact]
    public void FlushAfterAResizeWhoseSyncFailed_FailsToo() => Run(async (host, block) =>
    {
        // A file of /proc takes a length and cannot be synced; then a file that can be takes its place.
        var handle = File.OpenHandle("/proc/self/comm", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var disk = new FileDisk(host, new DiskFile(handle, isDisk: false, alignment: 1), FileBlock.Info(block));
        var failure = Assert.IsType<BlockError.Io>(Left(await disk.Resize(Sectors * 2)));
        Assert.Equal(Sectors, disk.Info.SectorCount);
        using (var file = File.OpenHandle(_disk.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            var descriptor = (int)handle.DangerousGetHandle();
            Assert.Equal(descriptor, TestLibc.Replace((int)file.DangerousGetHandle(), descriptor));
        }

        Assert.True((await disk.Write(0, [new byte[SectorSize]])).IsRight);
        Assert.Equal(failure, Left(await disk.Flush()));
        await disk.Disconnect();
    });

    [Fact]
    public void FlushAndResize_GoOneAfterTheOther() => Run((host, block) =>
    {
        using var file = new DiskFile(new SafeFileHandle(-1, ownsHandle: false), isDisk: false, alignment: 1);
        var disk = new FileDisk(host, file, FileBlock.Info(block));
        var (flush, resize) = (new DiskRequest(disk, file, host.Loop), new DiskRequest(disk, file, host.Loop));
        var write = new DiskRequest(disk, file, host.Loop);
        flush.To(DiskRequestKind.Flush, 0, 0);
        resize.To(DiskRequestKind.Resize, 0, Sectors);
        write.ToWrite(0, 1, [new byte[SectorSize]]);
        Assert.True(flush.Excludes(resize) && resize.Excludes(flush) && flush.Excludes(flush));
        Assert.False(flush.Excludes(write) || write.Excludes(flush));
        write.Release();
        return disk.Disconnect();
    });

    [LoopDeviceFact]
    public void Disk_HasItsOwnSizesAndReadsZerosWhereItWasDiscarded()
    {
        var device = Output("losetup", "--find", "--show", "--sector-size", "4096", _disk.Path);
        try
        {
            using var host = new UnixHost();
            host.Run(async () =>
            {
                var block = Right(await Boot.Connect<FileBlock>(host, [$"--block={device}"])).Device;
                var info = FileBlock.Info(block);
                Assert.Equal((4096, 512L, true, false),
                    (info.SectorSize, info.SectorCount, info.CanDiscard, info.CanResize));
                Assert.True((await FileBlock.Write(block, 500, [Pattern(4096 * 12)])).IsRight);
                Assert.True((await FileBlock.Write(block, 512, [Pattern(4096)])).IsLeft);
                Assert.True((await FileBlock.Discard(block, 501, 2)).IsRight);
                Assert.True((await FileBlock.Flush(block)).IsRight);
                var bytes = new byte[4096 * 12];
                Assert.True((await FileBlock.Read(block, 500, [bytes])).IsRight);
                byte[] expected = Pattern(4096 * 12);
                expected.AsSpan(4096, 8192).Clear();
                Assert.Equal(expected, bytes);
                await FileBlock.Disconnect(block);
                Assert.Contains("in pieces of 4096 bytes", Left(await Boot.Connect<FileBlock>(host,
                    [$"--block={device}", "--block-sector-size=512"])).Reason,
                    StringComparison.Ordinal);
            });
        }
        finally
        {
            Output("losetup", "--detach", device);
        }
    }

    private static string Output(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return text;
    }

    private static void Succeeds(Either<BlockError, Unit> outcome)
    {
        if (outcome.IsLeft) // An assertion of xunit would allocate.
            throw new InvalidOperationException("The disk failed.");
    }

    private void Run(Func<UnixHost, FileBlock, ValueTask> test, params string[] arguments)
    {
        using var host = new UnixHost();
        host.Run(async () =>
        {
            var block = Right(await Boot.Connect<FileBlock>(host, [$"--block={_disk.Path}", .. arguments])).Device;
            await test(host, block);
            await FileBlock.Disconnect(block);
        });
    }
}
