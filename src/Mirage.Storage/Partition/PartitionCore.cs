using System.Numerics;
using LanguageExt;
using Microsoft.Extensions.Logging;

namespace Mirage.Storage;

/// <summary>A range of a device's sectors as a device. Disconnecting it leaves the device that it is on, and whatever
/// else is on that, alone.</summary>
internal sealed partial class PartitionCore<TBlock> where TBlock : struct, IBlock<TBlock>
{
    private readonly TBlock _block;
    private readonly long _first;
    private bool _isDisconnected;

    public PartitionCore(TBlock block, long first, long count)
    {
        var whole = TBlock.Info(block);
        (_block, _first) = (block, first);
        Info = whole with
        {
            SectorCount = count,
            AtomicSectors = AtomicSectors(whole.AtomicSectors, first),
            CanResize = false,
        };
    }

    public static Impl<PartitionCore<TBlock>> Impl =>
        (Mirage.Impl.BootHost, Mirage.Impl.Of<TBlock>(), PartitionKey.Partition).Apply(Open).Connect();

    public BlockInfo Info { get; }

    public ValueTask<Either<BlockError, Unit>> Read(long sector, IReadOnlyList<Memory<byte>> buffers)
    {
        var length = 0L;
        foreach (var buffer in buffers)
        {
            if (buffer.Length % Info.SectorSize != 0)
                return Refuse(new BlockError.BadAlignment(buffer.Length));
            length += buffer.Length;
        }

        return Refusal(sector, length / Info.SectorSize) is { } error
            ? new(error)
            : Local(TBlock.Read(_block, _first + sector, buffers));
    }

    public ValueTask<Either<BlockError, Unit>> Write(long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers)
    {
        var length = 0L;
        foreach (var buffer in buffers)
        {
            if (buffer.Length % Info.SectorSize != 0)
                return Refuse(new BlockError.BadAlignment(buffer.Length));
            length += buffer.Length;
        }

        return (Info.ReadOnly ? new BlockError.ReadOnly() : Refusal(sector, length / Info.SectorSize)) is { } error
            ? Refuse(error)
            : Local(TBlock.Write(_block, _first + sector, buffers));
    }

    public ValueTask<Either<BlockError, Unit>> Flush() =>
        _isDisconnected ? new(new BlockError.Disconnected()) : Local(TBlock.Flush(_block));

    public ValueTask<Either<BlockError, Unit>> Discard(long sector, long count)
    {
        if (Info is { CanDiscard: true, ReadOnly: true })
            return Refuse(new BlockError.ReadOnly());
        // One that cannot is refused by the device below, in its words.
        return Info.CanDiscard && Refusal(sector, count) is { } error
            ? new(error)
            : _isDisconnected ? new(new BlockError.Disconnected())
            : Local(TBlock.Discard(_block, _first + sector, count));
    }

    public void Disconnect() => _isDisconnected = true;

    private static ValueTask<Either<ConnectError, PartitionCore<TBlock>>> Open(
        Host host, TBlock block, string selector) => Connect(host.Logs.CreateLogger("partition"), block, selector);

    private static async ValueTask<Either<ConnectError, PartitionCore<TBlock>>> Connect(
        ILogger log, TBlock block, string selector)
    {
        var outcome = await PartitionTable.Read(block);
        if (outcome.Case is not PartitionTable table)
            return new ConnectError($"{outcome.Case}", "write a partition table, or leave the partition out");
        if (table.Flaws is not (PartitionFlaws.None or PartitionFlaws.HybridMbr))
            LogFlaws(log, table.Flaws);
        if (table.Flaws.HasFlag(PartitionFlaws.HybridMbr))
            LogHybrid(log);
        return PartitionSelector.Select(table, selector)
            .Map(entry => new PartitionCore<TBlock>(block, entry.First, entry.Count));
    }

    // The device's units begin at its sector 0. Where they do not begin at ours too, each is cut up.
    private static int AtomicSectors(int whole, long first) =>
        (int)BigInteger.GreatestCommonDivisor(whole, first);

    private ValueTask<Either<BlockError, Unit>> Refuse(BlockError error) =>
        new(_isDisconnected ? new BlockError.Disconnected() : error);

    private BlockError? Refusal(long sector, long count)
    {
        if (_isDisconnected)
            return new BlockError.Disconnected();
        return sector < 0 || count < 0 || sector > Info.SectorCount - count
            ? new BlockError.OutOfBounds(sector, count)
            : null;
    }

    // Whoever asked knows its own numbers.
    private async ValueTask<Either<BlockError, Unit>> Local(ValueTask<Either<BlockError, Unit>> request) =>
        (await request).MapLeft(error => error is BlockError.Io failure
            ? failure with { Sector = Math.Max(0, failure.Sector - _first) }
            : error);

    [LoggerMessage(1, LogLevel.Warning, "The partition table is used and needs a repair: {Flaws}")]
    private static partial void LogFlaws(ILogger logger, PartitionFlaws flaws);

    [LoggerMessage(2, LogLevel.Warning, "The boot record has partitions beside the GPT, which are not looked at")]
    private static partial void LogHybrid(ILogger logger);
}
