using static Mirage.Testing.Tests.BlockBugs;

namespace Mirage.Testing.Tests;

public sealed class BlockBugTests
{
    [Fact]
    public void DeviceThatLosesItsLastSector_IsCaught()
    {
        var failure = Caught.By("B11", new Laws<LosesLastSector>().B11_LastSectorIsThereAndTheNextIsNot);
        Assert.Equal(["Write sector 255, 1 sector, pattern 1", "Read sector 255, 1 sector"], failure.Operations);
        Assert.Equal(("sector 255 holds pattern 1 of sector 255", "zeros"), (failure.Expected, failure.Seen));
        Assert.Contains("\nReplay: MIRAGE_REPLAY=", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DeviceThatAliasesSectors_IsCaught()
    {
        var failure = Caught.By("B5", new Laws<AliasesSectors>().B5_NoSectorIsAnAliasOfAnother);
        Assert.Matches("^sector ([0-9]+) holds pattern 1 of sector \\1$", failure.Expected);
        Assert.Matches("^pattern 1 of sector [0-9]+$", failure.Seen);
    }

    [Fact]
    public void DeviceThatIgnoresTheTailOfAGatherList_IsCaughtWithTheSmallestOne()
    {
        var failure = Caught.By("B3", new Laws<IgnoresTheTail>().B3_ReadGivesWhatWasWritten);
        Assert.Equal(2, failure.Operations.Count);
        Assert.StartsWith("Write sector 0, 3 sectors in 3 buffers, pattern ", failure.Operations[0],
            StringComparison.Ordinal);
        Assert.Equal("Read sector 0, 3 sectors", failure.Operations[1]);
        Assert.Equal("zeros", failure.Seen);
    }

    [Fact]
    public void DeviceThatWritesUpToItsEnd_IsCaught()
    {
        var failure = Caught.By("B10", new Laws<WritesUpToTheEnd>().B10_OutOfRangeIsRefusedWhole);
        Assert.StartsWith("Read sector 255", failure.Operations[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void DeviceThatKeepsItsCallersBuffer_IsCaught()
    {
        var failure = Caught.By("B7", new Laws<KeepsTheBuffer>().B7_BuffersAreTheCallersAfterwards);
        Assert.Equal("Overwrite the buffers with zeros", failure.Operations[1]);
        Assert.Equal("zeros", failure.Seen);
    }

    [Fact]
    public void FlushThatReturnsBeforeItIsDurable_IsCaughtByThreeOperations()
    {
        var failure = Caught.By("B16", new Laws<FlushesTooEarly> { FlushTakes = 9 }.B16_FlushedWritesSurvivePowerCuts);
        Assert.StartsWith("sector 0, flushed, holds pattern ", failure.Expected, StringComparison.Ordinal);
        Assert.Equal("zeros", failure.Seen);
        var done = failure.Operations.SkipWhile(line => !line.StartsWith("Write", StringComparison.Ordinal)).ToList();
        Assert.Equal(["Flush", "Power cut", "Connect"], done.Skip(1).Take(3));
    }

    [Fact]
    public void FlushThatSucceedsAfterAFailure_IsCaught() =>
        Assert.Equal("success", Caught.By("B18", new Laws<ForgetsThatAFlushFailed>().B18_FailedFlushIsRepeated).Seen);

    [Fact]
    public void WriteThatBlendsOldAndNewInASector_IsCaught()
    {
        var failure = Caught.By(
            "B21", new Laws<WritesHalfASectorAtATime>().B21_OperationsAtOnceNeverBlendInASector);
        Assert.Contains("up to byte 256, and then something else", failure.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadOnlyDeviceThatWrites_IsCaught() =>
        Assert.Equal(("the error ReadOnly", "success"), Differs(
            Caught.By("B12", new Laws<WritesThoughReadOnly>().B12_ReadOnlyDeviceIsNotChanged)));

    [Fact]
    public void DeviceThatThinksThatASectorIs512_IsCaughtWhereItIs4096()
    {
        new Laws<ThinksOf512>().B4_WriteLeavesOtherSectorsAlone();
        Caught.By("B4", new Laws<ThinksOf512> { SectorSize = 4096 }.B4_WriteLeavesOtherSectorsAlone);
    }

    [Fact]
    public void DeviceThatPadsOddBuffers_IsCaught() =>
        Assert.Equal(("the error BadAlignment", "success"), Differs(
            Caught.By("B8", new Laws<PadsOddBuffers>().B8_BufferThatIsNoWholeSectorIsRefused)));

    [Fact]
    public void DeviceThatLivesOnWhenDisconnected_IsCaught() =>
        Assert.Equal("success", Caught.By("B13", new Laws<LivesOn>().B13_AfterDisconnectEveryOperationSaysSo).Seen);

    [Fact]
    public void DeviceThatDiscardsOneTooMany_IsCaught() =>
        Assert.Equal("zeros", Caught.By("B15", new Laws<DiscardsOneTooMany>().B15_DiscardedSectorsReadAsZeros).Seen);

    [Fact]
    public void DeviceThatPromisesAtomicUnitsItDoesNotHave_IsCaught()
    {
        var failure = Caught.By("B19", new Laws<PromisesLargeAtomicUnits>().B19_UnflushedSectorsAreOldOrNew);
        Assert.StartsWith("the 4 sectors around sector ", failure.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void DeviceThatNeverAnswersAFlush_IsCaughtAndNamed()
    {
        var failure = Caught.By("B17", new Laws<NeverAnswersAFlush>().B17_FlushOfNothingSucceeds);
        Assert.Equal("no answer", failure.Seen);
        Assert.Equal("Flush", Assert.Single(failure.Operations));
    }

    private static (string Expected, string Seen) Differs(LawException failure) => (failure.Expected, failure.Seen);

    /// <summary>The device that the others are made from obeys all laws.</summary>
    public sealed class SoundBlockLaws : CrashBlockLaws<PlantedBlock<SoundBlock>>
    {
        protected override ValueTask<PlantedBlock<SoundBlock>> Connect(Host host, SimDisk disk) =>
            new(PlantedBlock<SoundBlock>.Over(host, disk));
    }

    private sealed class Laws<TBug> : CrashBlockLaws<PlantedBlock<TBug>> where TBug : SoundBlock, new()
    {
        public int SectorSize { get; init; } = 512;

        public int FlushTakes { get; init; }

        protected override SimDisk CreateDisk(ulong seed) => new(SectorSize, 256, seed)
        {
            FlushLatency = Latency.Fixed(TimeSpan.FromMilliseconds(FlushTakes)),
        };

        protected override ValueTask<PlantedBlock<TBug>> Connect(Host host, SimDisk disk) =>
            new(PlantedBlock<TBug>.Over(host, disk));
    }
}
