using Mirage.Testing;

namespace Mirage.Storage.Tests;

public class RamBlockTests
{
    [Theory]
    [InlineData("--ram-sectors=0")]
    [InlineData("--ram-sectors=1")]
    [InlineData("--ram-sectors=100000000000")] // 46 TiB, of which a little is written.
    public void Size_AtTheBounds_HasItsLastSector(string argument)
    {
        var host = new SimHost(1);
        host.Run(async () =>
        {
            var block = (await Boot.Connect<RamBlock>(host, [argument])).RightToList().Single().Device;
            var count = RamBlock.Info(block).SectorCount;
            var last = await RamBlock.Write(block, count - 1, [new byte[512]]);
            Assert.Equal(count > 0, last.IsRight);
            Assert.True((await RamBlock.Read(block, count, [new byte[512]])).IsLeft);
        });
    }

    [Theory]
    [InlineData("--ram-sector-size=256")]
    [InlineData("--ram-sector-size=1000")]
    [InlineData("--ram-sector-size=131072")]
    [InlineData("--ram-sectors=-1")]
    public async Task SizeThatNoDiskHas_IsABadArgument(string argument) =>
        Assert.True((await Boot.Connect<RamBlock>(new SimHost(1), [argument])).IsLeft);
}
