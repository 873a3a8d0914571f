using LanguageExt;

namespace Mirage.Testing.Tests;

/// <summary>Block devices with one bug each.</summary>
internal static class BlockBugs
{
    private static ValueTask<Either<BlockError, Unit>> Done => new(Unit.Default);

    public sealed class LosesLastSector : SoundBlock
    {
        public override ValueTask<Either<BlockError, Unit>> Write(
            long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers) =>
            sector == Info.SectorCount - 1 ? Done : base.Write(sector, buffers);
    }

    public sealed class AliasesSectors : SoundBlock
    {
        public override ValueTask<Either<BlockError, Unit>> Read(long sector, IReadOnlyList<Memory<byte>> buffers) =>
            base.Read(sector & ~128, buffers);

        public override ValueTask<Either<BlockError, Unit>> Write(
            long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers) => base.Write(sector & ~128, buffers);
    }

    public sealed class IgnoresTheTail : SoundBlock
    {
        public override ValueTask<Either<BlockError, Unit>> Write(
            long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers) =>
            base.Write(sector, buffers.Count > 2 ? [.. buffers.Take(2)] : buffers);
    }

    public sealed class WritesUpToTheEnd : SoundBlock
    {
        public override async ValueTask<Either<BlockError, Unit>> Write(
            long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers)
        {
            foreach (var buffer in buffers)
            {
                for (var offset = 0; offset < buffer.Length; offset += Info.SectorSize, sector++)
                {
                    var outcome = await base.Write(
                        sector, [buffer.Slice(offset, Math.Min(Info.SectorSize, buffer.Length - offset))]);
                    if (outcome.IsLeft)
                        return outcome;
                }
            }

            return buffers.Count == 0 ? await base.Write(sector, buffers) : Unit.Default;
        }
    }

    public sealed class KeepsTheBuffer : SoundBlock
    {
        private (long Sector, IReadOnlyList<ReadOnlyMemory<byte>> Buffers)? _kept;

        public override async ValueTask<Either<BlockError, Unit>> Read(
            long sector, IReadOnlyList<Memory<byte>> buffers)
        {
            await Store();
            return await base.Read(sector, buffers);
        }

        public override async ValueTask<Either<BlockError, Unit>> Write(
            long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers)
        {
            await Store();
            _kept = (sector, buffers);
            return Unit.Default;
        }

        private async ValueTask Store()
        {
            if (_kept is { } kept)
                await base.Write(kept.Sector, kept.Buffers);
            _kept = null;
        }
    }

    public sealed class FlushesTooEarly : SoundBlock
    {
        public override ValueTask<Either<BlockError, Unit>> Flush()
        {
            Begin(base.Flush());
            return Done;
        }

        private static async void Begin(ValueTask<Either<BlockError, Unit>> flush) => await flush;
    }

    public sealed class ForgetsThatAFlushFailed : SoundBlock
    {
        private bool _failed;

        public override async ValueTask<Either<BlockError, Unit>> Flush()
        {
            if (_failed)
                return Unit.Default;
            var outcome = await base.Flush();
            _failed = outcome.IsLeft;
            return outcome;
        }
    }

    public sealed class WritesHalfASectorAtATime : SoundBlock
    {
        public override async ValueTask<Either<BlockError, Unit>> Write(
            long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers)
        {
            if (buffers.All(static buffer => buffer.IsEmpty) || sector < 0 || sector >= Info.SectorCount)
                return await base.Write(sector, buffers);
            // The first half of the first sector at once, the rest later.
            var first = new byte[Info.SectorSize];
            await base.Read(sector, [first]);
            buffers[0].Span[..(Info.SectorSize / 2)].CopyTo(first);
            await base.Write(sector, [first]);
            await Task.Delay(TimeSpan.FromMilliseconds(1 + (sector % 3)), Host.Time);
            return await base.Write(sector, buffers);
        }
    }

    public sealed class WritesThoughReadOnly : SoundBlock
    {
        public override BlockInfo Info => base.Info with { ReadOnly = true };
    }

    public sealed class ThinksOf512 : SoundBlock
    {
        private readonly Dictionary<long, byte[]> _pieces = [];

        public override async ValueTask<Either<BlockError, Unit>> Read(
            long sector, IReadOnlyList<Memory<byte>> buffers)
        {
            var outcome = await base.Read(sector, buffers);
            var piece = sector;
            foreach (var buffer in outcome.IsRight ? buffers : [])
            {
                for (var offset = 0; offset < buffer.Length; offset += 512, piece++)
                    _pieces.GetValueOrDefault(piece, new byte[512]).CopyTo(buffer[offset..]);
            }

            return outcome;
        }

        public override async ValueTask<Either<BlockError, Unit>> Write(
            long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers)
        {
            var outcome = await base.Write(sector, buffers);
            var piece = sector;
            foreach (var buffer in outcome.IsRight ? buffers : [])
            {
                for (var offset = 0; offset < buffer.Length; offset += 512, piece++)
                    _pieces[piece] = buffer.Slice(offset, 512).ToArray();
            }

            return outcome;
        }
    }

    public sealed class PadsOddBuffers : SoundBlock
    {
        public override ValueTask<Either<BlockError, Unit>> Write(
            long sector, IReadOnlyList<ReadOnlyMemory<byte>> buffers) =>
            base.Write(sector, [.. buffers.Select(Padded)]);

        private ReadOnlyMemory<byte> Padded(ReadOnlyMemory<byte> buffer)
        {
            var padded = new byte[(buffer.Length + Info.SectorSize - 1) / Info.SectorSize * Info.SectorSize];
            buffer.CopyTo(padded);
            return padded;
        }
    }

    public sealed class LivesOn : SoundBlock
    {
        public override ValueTask Disconnect() => ValueTask.CompletedTask;
    }

    public sealed class DiscardsOneTooMany : SoundBlock
    {
        public override ValueTask<Either<BlockError, Unit>> Discard(long sector, long count) =>
            base.Discard(sector, count > 0 && sector + count < Info.SectorCount ? count + 1 : count);
    }

    public sealed class PromisesLargeAtomicUnits : SoundBlock
    {
        public override BlockInfo Info => base.Info with { AtomicSectors = 4 };
    }

    public sealed class NeverAnswersAFlush : SoundBlock
    {
        public override ValueTask<Either<BlockError, Unit>> Flush() =>
            new(new TaskCompletionSource<Either<BlockError, Unit>>().Task);
    }
}
