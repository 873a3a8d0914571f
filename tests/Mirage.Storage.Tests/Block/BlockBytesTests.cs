using Mirage.Testing;

namespace Mirage.Storage.Tests;

public sealed class BlockBytesTests
{
    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    public void BytesFromAnywhere_Read_AreThoseInOneRequest(int sectorSize)
    {
        var bytes = KvSamples.Bytes(5 * sectorSize, 1);
        var disk = Disks.Of(sectorSize, bytes);
        int[] edges = [0, 1, sectorSize - 1, sectorSize, sectorSize + 1];
        foreach (var (offset, end) in edges.SelectMany(_ => edges, static (from, to) => (from, to)))
        {
            foreach (var length in (int[])[0, 1, sectorSize, (3 * sectorSize) + end - offset])
            {
                var (read, before) = (new byte[length], disk.Counters.Reads);
                Assert.Null(Disks.Done(BlockBytes<SimBlock>.Read(Disks.Block(disk), offset, read)));
                Assert.Equal(bytes[offset..(offset + length)], read);
                Assert.Equal(length == 0 ? 0 : 1, disk.Counters.Reads - before);
            }
        }
    }

    [Fact]
    public void BytesThatCannotBeRead_Read_AreAnError()
    {
        var disk = new SimDisk(512, 4);
        disk.Inject(new DiskFault.Unreadable(2));
        Assert.IsType<BlockError.Io>(Disks.Done(BlockBytes<SimBlock>.Read(Disks.Block(disk), 1, new byte[1030])));
        Assert.Null(Disks.Done(BlockBytes<SimBlock>.Read(Disks.Block(disk), 1, new byte[1023])));
    }
}
