using System.Buffers.Binary;
using LanguageExt;

/// <summary>Values by key in memory, and every change of them in a log on a disk: what was acknowledged survives a
/// power cut.</summary>
/// <remarks>
/// The first sector has the salt of the log; records follow, each in sectors of its own. A change is written, flushed
/// and only then acknowledged. Changes that come while a flush is under way share the next one. After a power cut the
/// log ends before the first record that is not whole: nothing behind that was acknowledged.</remarks>
/// <typeparam name="TBlock">The disk.</typeparam>
internal sealed class LogStore<TBlock> where TBlock : struct, IBlock<TBlock>
{
    private static readonly byte[] s_magic = "MIRAGE LOG 1\0\0\0\0"u8.ToArray();

    private readonly TBlock _block;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly int _sectorSize;
    private List<(LogRecord Record, TaskCompletionSource<string?> Done)> _waiting = [];
    private uint _before; // The sum that the next record's begins with.
    private long _end = 1;
    private ulong _sequence;
    private bool _isWriting;
    private string? _failure;

    private LogStore(TBlock block) => (_block, _sectorSize) = (block, TBlock.Info(block).SectorSize);

    /// <summary>How many changes were found when the log was opened.</summary>
    public int Recovered { get; private set; }

    /// <summary>Opens the log on <paramref name="block"/>, or begins one on a disk that has none.</summary>
    /// <param name="block">The disk.</param>
    /// <param name="salt">The salt of a new log.</param>
    public static async ValueTask<Either<BlockError, LogStore<TBlock>>> Open(TBlock block, uint salt)
    {
        var store = new LogStore<TBlock>(block);
        var error = await store.Begin(salt);
        return error is null ? store : error;
    }

    /// <summary>The value that was acknowledged last.</summary>
    public string? Get(string key) => _values.GetValueOrDefault(key);

    /// <summary>Changes a value. The result is null once it is durable, or else why it is not: then it may be there
    /// after the next start or not, but for one that is too long, which is not.</summary>
    public Task<string?> Set(string key, string value)
    {
        if (_failure is not null)
            return Task.FromResult<string?>(_failure);
        var record = new LogRecord(0, key, value);
        if (record.ContentSize > LogRecord.ContentMax) // The next start would take it for the end of the log.
            return Task.FromResult<string?>($"key and value have at most {LogRecord.ContentMax} bytes");
        var done = new TaskCompletionSource<string?>();
        _waiting.Add((record, done));
        if (!_isWriting)
            _ = WriteAll();
        return done.Task;
    }

    private async Task WriteAll()
    {
        _isWriting = true;
        await Task.Yield(); // What else is set in this iteration of the loop shares the flush.
        while (_waiting.Count > 0)
        {
            var batch = _waiting;
            _waiting = [];
            _failure ??= await Write(batch);
            foreach (var (record, done) in batch)
            {
                if (_failure is null)
                    _values[record.Key] = record.Value;
                done.SetResult(_failure);
            }
        }

        _isWriting = false;
    }

    // One transfer and one flush for all of them. After a failure it is not known what the disk holds, so nothing is
    // written any more: a flush that succeeds after one that failed proves nothing.
    private async ValueTask<string?> Write(List<(LogRecord Record, TaskCompletionSource<string?> Done)> batch)
    {
        var sectors = batch.Sum(change => change.Record.Sectors(_sectorSize));
        if (_end + sectors > TBlock.Info(_block).SectorCount)
            return "the log is full";
        var bytes = new byte[sectors * _sectorSize];
        var at = 0;
        foreach (var (change, _) in batch)
        {
            _before = (change with { Sequence = _sequence++ }).Emit(bytes.AsSpan(at), _before);
            at += change.Sectors(_sectorSize) * _sectorSize;
        }

        var start = _end;
        _end += sectors;
        return await WriteDurably(start, bytes) is { } error ? $"the disk failed: {error}" : null;
    }

    private async ValueTask<BlockError?> WriteDurably(long sector, byte[] bytes) =>
        Error(await TBlock.Write(_block, sector, [bytes])) ?? Error(await TBlock.Flush(_block));

    private async ValueTask<BlockError?> Begin(uint salt)
    {
        var first = new byte[_sectorSize];
        if (Error(await TBlock.Read(_block, 0, [first])) is { } error)
            return error;
        if (first.AsSpan().StartsWith(s_magic))
        {
            _before = BinaryPrimitives.ReadUInt32LittleEndian(first.AsSpan(s_magic.Length));
            return await Recover();
        }

        s_magic.CopyTo(first, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(first.AsSpan(s_magic.Length), _before = salt);
        return await WriteDurably(0, first);
    }

    private async ValueTask<BlockError?> Recover()
    {
        var longest = new LogRecord(0, "", new string('x', LogRecord.ContentMax)).Sectors(_sectorSize);
        while (true)
        {
            var count = (int)Math.Min(longest, TBlock.Info(_block).SectorCount - _end);
            var bytes = new byte[count * _sectorSize];
            if (count > 0 && Error(await TBlock.Read(_block, _end, [bytes])) is { } error)
                return error;
            if (!LogRecord.TryParse(bytes, _before, out var record, out var sum) || record.Sequence != _sequence)
                return null;
            _before = sum;
            _values[record.Key] = record.Value;
            _end += record.Sectors(_sectorSize);
            _sequence++;
            Recovered++;
        }
    }

    private static BlockError? Error(Either<BlockError, Unit> outcome) => outcome.Case as BlockError;
}
