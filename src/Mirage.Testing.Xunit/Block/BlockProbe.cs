using LanguageExt;

namespace Mirage.Testing;

/// <summary>Does operations to a device and says them to the run.</summary>
internal sealed class BlockProbe<TBlock>(LawRun run, TBlock block) where TBlock : struct, IBlock<TBlock>
{
    private const byte Guard = 0xA5;
    private const int SectorSizeMin = 512;

    /// <summary>What the device said of itself at first, which makes sense: laws reckon with it.</summary>
    public BlockInfo Info { get; } = Sane(run, run.Call(() => TBlock.Info(block)));

    /// <summary>Does a step to the device and to the model; a device of no sectors has none to do it to.</summary>
    public async ValueTask Do(BlockStep step, BlockModel model)
    {
        var (sector, count) = step.At(Info);
        switch (step.Kind)
        {
            case BlockStepKind.Flush:
                await Flush();
                break;
            case BlockStepKind.Read when count > 0:
                model.ExpectRead(run, sector, await Read(sector, count, step.Split));
                break;
            case BlockStepKind.Write when count > 0 && !Info.ReadOnly:
                model.Write(sector, await Write(sector, count, step.Pattern, step.Split));
                break;
            case BlockStepKind.Discard when count > 0 && !Info.ReadOnly && Info.CanDiscard:
                await Discard(sector, count);
                model.Write(sector, new byte[count * Info.SectorSize]);
                break;
        }
    }

    /// <summary>Reads everything that the model knows.</summary>
    public async ValueTask Compare(BlockModel model)
    {
        foreach (var sector in model.Known.ToList())
            model.ExpectRead(run, sector, await Read(sector, 1));
    }

    /// <summary>Reads sectors into buffers, and nothing beside them.</summary>
    public async ValueTask<byte[]> Read(long sector, int count, int split = 0)
    {
        var size = Info.SectorSize;
        // Bytes that stand between the buffers show a device that fills more than it was given.
        var memory = new byte[(count * (size + 1)) + 1];
        memory.AsSpan().Fill(Guard);
        var buffers = new List<Memory<byte>>();
        var at = 1;
        foreach (var sectors in Parts(count, split))
        {
            buffers.Add(memory.AsMemory(at, sectors * size));
            at += (sectors * size) + 1;
        }

        Succeeds(await run.Await($"Read sector {sector}, {Text(count, buffers.Count)}",
            () => TBlock.Read(block, sector, buffers)));
        var bytes = new byte[count * size];
        var (from, to) = (1, 0);
        foreach (var buffer in buffers)
        {
            run.Expect(memory[from - 1] == Guard && memory[from + buffer.Length] is Guard,
                "bytes beside the buffers are left alone", "one of them was changed");
            buffer.CopyTo(bytes.AsMemory(to));
            (from, to) = (from + buffer.Length + 1, to + buffer.Length);
        }

        return bytes;
    }

    /// <summary>Writes a pattern and gives its bytes.</summary>
    public async ValueTask<byte[]> Write(long sector, int count, int pattern, int split = 0)
    {
        var bytes = BlockPattern.Of(Info.SectorSize, sector, count, pattern);
        var given = bytes.ToArray();
        var buffers = Buffers(given, split);
        Succeeds(await run.Await($"Write sector {sector}, {Text(count, buffers.Count)}, pattern {pattern}",
            () => TBlock.Write(block, sector, buffers)));
        run.Expect(given.AsSpan().SequenceEqual(bytes), "the buffers of a write are left alone", "one was changed");
        return bytes;
    }

    /// <summary>Flushes.</summary>
    public async ValueTask Flush() => Succeeds(await run.Await("Flush", () => TBlock.Flush(block)));

    /// <summary>Discards.</summary>
    public async ValueTask Discard(long sector, long count) =>
        Succeeds(await run.Await(BlockText.Discard(sector, count),
            () => TBlock.Discard(block, sector, count)));

    /// <summary>Asks for another size; <see cref="Info"/> stays what it was.</summary>
    public ValueTask<Either<BlockError, Unit>> Resize(long sectorCount) =>
        run.Await($"Resize to {BlockText.Sectors(sectorCount)}", () => TBlock.Resize(block, sectorCount));

    /// <summary>The outcome is success.</summary>
    public void Succeeds(Either<BlockError, Unit> outcome) =>
        run.Expect(outcome.IsRight, "success", BlockText.Outcome(outcome));

    /// <summary>The outcome is that error.</summary>
    public void Refuses<TError>(Either<BlockError, Unit> outcome) where TError : BlockError => run.Expect(
        outcome.Case is TError, $"the error {typeof(TError).Name}", BlockText.Outcome(outcome));

    /// <summary>A list of buffers of whole sectors.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Buffers(ReadOnlyMemory<byte> bytes, int split)
    {
        var buffers = new List<ReadOnlyMemory<byte>>();
        foreach (var sectors in Parts(bytes.Length / Info.SectorSize, split))
        {
            buffers.Add(bytes[..(sectors * Info.SectorSize)]);
            bytes = bytes[(sectors * Info.SectorSize)..];
        }

        return buffers;
    }

    // A sector of more bytes than any atomic unit of a disk has would cost more memory than a test has.
    private static BlockInfo Sane(LawRun run, BlockInfo info)
    {
        run.Expect(info.SectorSize is >= SectorSizeMin and <= SimDisk.UnitMax && int.IsPow2(info.SectorSize),
            $"a power of two from {SectorSizeMin} to {SimDisk.UnitMax} bytes a sector", $"{info.SectorSize}");
        run.Expect(info.SectorCount >= 0, "0 sectors or more", $"{info.SectorCount}");
        var most = long.MaxValue / info.SectorSize;
        run.Expect(info.SectorCount <= most, $"at most {most} sectors", $"{info.SectorCount}");
        run.Expect(info.AtomicSectors >= 1, "1 atomic sector or more", $"{info.AtomicSectors}");
        return info;
    }

    private static IEnumerable<int> Parts(int count, int split)
    {
        var sectors = 1;
        for (var index = 0; index < count - 1; index++, sectors++)
        {
            if ((split >> index & 1) == 0)
                continue;
            yield return sectors;
            sectors = 0;
        }

        yield return sectors;
    }

    private static string Text(int count, int buffers) =>
        BlockText.Sectors(count) + (buffers == 1 ? "" : $" in {buffers} buffers");
}
