using LanguageExt;
using Mirage.Testing;
using static Mirage.Impl;

namespace Disks;

/// <summary>All laws of block devices, each as a test.</summary>
public sealed class MyDiskLaws : BlockLaws<MyDisk>;

/// <summary>A disk in memory: 64 sectors of 4096 bytes.</summary>
public readonly struct MyDisk : IBlock<MyDisk>
{
    private readonly Core _core;

    private MyDisk(Core core) => _core = core;

    /// <inheritdoc/>
    public static Impl<MyDisk> Impl => BootHost.Map(static _ => new MyDisk(new Core()));

    /// <inheritdoc/>
    public static BlockInfo Info(MyDisk block) => Core.Info;

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Read(
        MyDisk block, long sector, IReadOnlyList<Memory<byte>> buffers) => new(block._core.Read(sector, buffers));

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Write(
        MyDisk block, long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers) =>
        new(block._core.Write(sector, buffers));

    /// <inheritdoc/>
    public static ValueTask<Either<BlockError, Unit>> Flush(MyDisk block) => new(block._core.Flush());

    /// <inheritdoc/>
    public static ValueTask Disconnect(MyDisk device)
    {
        device._core.Disconnect();
        return ValueTask.CompletedTask;
    }

    private sealed class Core
    {
        private readonly byte[] _bytes = new byte[Info.SectorSize * Info.SectorCount];
        private bool _isDisconnected;

        public static BlockInfo Info { get; } = new(SectorSize: 4096, SectorCount: 64);

        public Either<BlockError, Unit> Read(long sector, IReadOnlyList<Memory<byte>> buffers)
        {
            if (Refuses(sector, buffers.Select(static buffer => buffer.Length)) is { } error)
                return error;
            var rest = _bytes.AsMemory((int)sector * Info.SectorSize);
            foreach (var buffer in buffers)
            {
                rest[..buffer.Length].CopyTo(buffer);
                rest = rest[buffer.Length..];
            }

            return Unit.Default;
        }

        public Either<BlockError, Unit> Write(long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers)
        {
            if (Refuses(sector, buffers.Select(static buffer => buffer.Length)) is { } error)
                return error;
            var rest = _bytes.AsMemory((int)sector * Info.SectorSize);
            foreach (var buffer in buffers)
            {
                buffer.CopyTo(rest);
                rest = rest[buffer.Length..];
            }

            return Unit.Default;
        }

        public Either<BlockError, Unit> Flush() => _isDisconnected ? new BlockError.Disconnected() : Unit.Default;

        public void Disconnect() => _isDisconnected = true;

        private BlockError? Refuses(long sector, IEnumerable<int> lengths)
        {
            if (_isDisconnected)
                return new BlockError.Disconnected();
            var count = 0L;
            foreach (var length in lengths)
            {
                if (length % Info.SectorSize != 0)
                    return new BlockError.BadAlignment(length);
                count += length / Info.SectorSize;
            }

            return sector < 0 || sector > Info.SectorCount - count ? new BlockError.OutOfBounds(sector, count) : null;
        }
    }
}
