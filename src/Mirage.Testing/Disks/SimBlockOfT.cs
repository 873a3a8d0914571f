using LanguageExt;

namespace Mirage.Testing;

/// <summary>One <see cref="SimDisk"/> of several in a machine, told apart by a tag: see
/// <see cref="SimBlock"/>.</summary>
/// <typeparam name="TGroup">The tag, whose name is the disk's.</typeparam>
public readonly struct SimBlock<TGroup> : IBlock<SimBlock<TGroup>> where TGroup : IGroup
{
    private readonly BlockConnection _connection;

    private SimBlock(BlockConnection connection) => _connection = connection;

    /// <inheritdoc/>
    public static string Group => TGroup.Name;

    /// <summary>The disk of the machine that has the tag's name: <see cref="SimHost.Attach"/> puts it there.</summary>
    public static Impl<SimBlock<TGroup>> Impl => Mirage.Impl.BootHost
        .Map(static host => new ValueTask<Either<ConnectError, SimBlock<TGroup>>>(
            BlockConnection.On(host, TGroup.Name).Map(static connection => new SimBlock<TGroup>(connection))))
        .Connect();

    /// <inheritdoc/>
    public static BlockInfo Info(SimBlock<TGroup> block) => block._connection.Info;

    /// <summary>Connects <paramref name="disk"/> to the machine that runs on <paramref name="host"/>.</summary>
    public static SimBlock<TGroup> Over(Host host, SimDisk disk) => new(new BlockConnection(host, disk));

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Read(
        SimBlock<TGroup> block, long sector, IReadOnlyList<Memory<byte>> buffers) =>
        block._connection.Read(sector, buffers);

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Write(
        SimBlock<TGroup> block, long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers) =>
        block._connection.Write(sector, buffers);

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Flush(SimBlock<TGroup> block) => block._connection.Flush();

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Discard(SimBlock<TGroup> block, long sector, long count) =>
        block._connection.Discard(sector, count);

    /// <inheritdoc/>
    public static ValueTask Disconnect(SimBlock<TGroup> device)
    {
        device._connection.Disconnect();
        return ValueTask.CompletedTask;
    }
}
