using LanguageExt;

namespace Mirage.Testing;

/// <summary>A <see cref="SimDisk"/> as the block device of a machine.</summary>
/// <remarks>Requests under way at once end in the order that the disk's latencies give. After a power cut nothing is
/// answered: the machine that asked is gone, and the next one is connected anew.</remarks>
public readonly struct SimBlock : IBlock<SimBlock>
{
    private readonly BlockConnection _connection;

    private SimBlock(BlockConnection connection) => _connection = connection;

    /// <summary>The untagged disk of the machine: <see cref="SimHost.Attach"/> puts it there.</summary>
    public static Impl<SimBlock> Impl => Mirage.Impl.BootHost
        .Map(static host => new ValueTask<Either<ConnectError, SimBlock>>(
            BlockConnection.On(host, "").Map(static connection => new SimBlock(connection))))
        .Connect();

    /// <inheritdoc/>
    public static BlockInfo Info(SimBlock block) => block._connection.Info;

    /// <summary>Connects <paramref name="disk"/> to the machine that runs on <paramref name="host"/>.</summary>
    public static SimBlock Over(Host host, SimDisk disk) => new(new BlockConnection(host, disk));

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Read(
        SimBlock block, long sector, IReadOnlyList<Memory<byte>> buffers) => block._connection.Read(sector, buffers);

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Write(
        SimBlock block, long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers) =>
        block._connection.Write(sector, buffers);

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Flush(SimBlock block) => block._connection.Flush();

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Discard(SimBlock block, long sector, long count) =>
        block._connection.Discard(sector, count);

    /// <inheritdoc/>
    public static ValueTask Disconnect(SimBlock device)
    {
        device._connection.Disconnect();
        return ValueTask.CompletedTask;
    }
}
