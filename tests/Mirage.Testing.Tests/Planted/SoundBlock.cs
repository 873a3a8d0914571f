using LanguageExt;

namespace Mirage.Testing.Tests;

/// <summary>A block device without a bug, from which those with one are made.</summary>
public class SoundBlock
{
    public virtual BlockInfo Info => SimBlock.Info(Below);

    protected Host Host { get; private set; } = null!;

    protected SimBlock Below { get; private set; }

    public void Open(Host host, SimBlock below) => (Host, Below) = (host, below);

    public virtual ValueTask<Either<BlockError, Unit>> Read(long sector, IReadOnlyList<Memory<byte>> buffers) =>
        SimBlock.Read(Below, sector, buffers);

    public virtual ValueTask<Either<BlockError, Unit>> Write(
        long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers) => SimBlock.Write(Below, sector, buffers);

    public virtual ValueTask<Either<BlockError, Unit>> Flush() => SimBlock.Flush(Below);

    public virtual ValueTask<Either<BlockError, Unit>> Discard(long sector, long count) =>
        SimBlock.Discard(Below, sector, count);

    public virtual ValueTask Disconnect() => SimBlock.Disconnect(Below);
}
