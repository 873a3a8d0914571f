using System.Diagnostics;
using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>C23: a reader that was written from the description of the format finds what we wrote.</summary>
public sealed class CowKvReaderTests
{
    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    [InlineData(16384)]
    [InlineData(65536)]
    public async Task Images_ReadByTheOtherReader_HoldTheSame(int sectorSize)
    {
        var disk = new SimDisk(sectorSize, (4 << 20) / sectorSize);
        var expected = "";
        CowKvWorld.Mounted(disk, async kv =>
        {
            await CowKvImage.Fill(kv);
            foreach (var (key, bytes) in KvSamples.Content)
                (await CowKv<SimBlock>.Set(kv, key, bytes)).Done();
            expected = await CowKvWorld.Text(kv);
        });
        Assert.Equal((0, expected), await Read(CowKvImage.Of(disk)));
    }

    /// <summary>It finds the map and the tree to agree after a store was filled, and emptied, and cut off.</summary>
    [Fact]
    public async Task StoreThatWasFull_ReadByTheOtherReader_HasLostNoPage()
    {
        var disk = new SimDisk(512, 2048);
        CowKvWorld.Mounted(disk, async kv =>
        {
            for (var index = 0; index < 500; index++)
                _ = await CowKv<SimBlock>.Set(kv, KvKey.Parse($"/{index % 7}/{index}"), KvSamples.Bytes(index * 37, 1));
            foreach (var removed in (string[])["/3", "/5", "/0/7"])
                (await CowKv<SimBlock>.Remove(kv, KvKey.Parse(removed))).Done();
        });
        disk.Crash();
        Assert.Equal(0, (await Read(CowKvImage.Of(disk))).Status);
    }

    /// <summary>What it is for: it says when something is wrong.</summary>
    [Fact]
    public async Task DamagedImage_ReadByTheOtherReader_IsRefused()
    {
        var image = CowKvImage.Sample();
        image.Flip((image.Slot.Root.Page * 4096 * 8) + 4000);
        Assert.Equal((1, ""), await Read(image));
    }

    private static async Task<(int Status, string Text)> Read(CowKvImage image)
    {
        var path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, image.Bytes.ToArray());
        try
        {
            using var python = Process.Start(new ProcessStartInfo("python3", [Reader, path])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = System.Text.Encoding.UTF8,
            })!;
            var (text, wrong) = (python.StandardOutput.ReadToEndAsync(), python.StandardError.ReadToEndAsync());
            await python.WaitForExitAsync();
            Assert.DoesNotContain("Traceback", await wrong, StringComparison.Ordinal);
            return (python.ExitCode, (await text).TrimEnd('\n'));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Reader => Path.Combine(AppContext.BaseDirectory, "Cow", "cowkv.py");
}
