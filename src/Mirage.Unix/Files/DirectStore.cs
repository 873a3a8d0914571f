using System.Buffers;
using System.IO.Pipelines;
using LanguageExt;

namespace Mirage.Unix;

/// <summary>The values in a directory that are changed, by threads that may wait for the disk. What is new is written
/// by as many as ask at once; names change one after another.</summary>
internal sealed class DirectStore
{
    private readonly EventLoop _loop;
    private readonly TemporaryFiles _files;
    private readonly DirectoryWriter _writer;
    private Task _lastTurn = Task.CompletedTask;
    private TaskCompletionSource? _idle;
    private int _underWay;
    private bool _isClosed;

    private DirectStore(EventLoop loop, RootDirectory root, TemporaryFiles files) =>
        (_loop, _files, Values, _writer) = (loop, files, new FileStore(root), new DirectoryWriter(root, files));

    /// <summary>For reading.</summary>
    public FileStore Values { get; }

    public static Either<ConnectError, DirectStore> Open(EventLoop loop, string path) =>
        RootDirectory.Open(path).Bind(root =>
        {
            var opened = TemporaryFiles.Open(root, path);
            if (opened.IsLeft)
                root.Dispose();
            return opened.Map(files => new DirectStore(loop, root, files));
        });

    public ValueTask<Either<KvWriteError, Unit>> Set(
        KvKey key, ReadOnlyMemory<byte> value, KvCondition? condition = null) => Do(async () =>
    {
        var made = await OffLoopCall<Either<KvWriteError, NewFile>>.Run(_loop, () => _writer.NewFile(key));
        return made.Case is NewFile file
            ? await Finish(key, file, condition,
                () => Call(() => DirectoryWriter.Append(key, file, value.Span)))
            : (KvWriteError)made;
    });

    public ValueTask<Either<KvWriteError, Unit>> Write(
        KvKey key, PipeReader source, CancellationToken cancellation) => Do(async () =>
    {
        var made = await OffLoopCall<Either<KvWriteError, NewFile>>.Run(_loop, () => _writer.NewFile(key));
        return made.Case is NewFile file
            ? await Finish(key, file, condition: null, () => AppendAll(key, file, source, cancellation))
            : (KvWriteError)made;
    });

    public ValueTask<Either<KvWriteError, Unit>> SetPartial(KvKey key, long offset, ReadOnlyMemory<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return InTurn(() => _writer.SetPartial(key, offset, value.Span));
    }

    public ValueTask<Either<KvWriteError, Unit>> Remove(KvKey key) => InTurn(() => _writer.Remove(key));

    public ValueTask<Either<KvWriteError, Unit>> Rename(KvKey source, KvKey destination) =>
        InTurn(() => _writer.Rename(source, destination));

    public ValueTask<Either<KvWriteError, Unit>> Allocate(KvKey key, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return InTurn(() => _writer.Allocate(key, size));
    }

    /// <summary>Closes the directory once what is under way has ended.</summary>
    public async ValueTask Close()
    {
        _isClosed = true;
        if (_underWay > 0)
        {
            _idle ??= new TaskCompletionSource();
            await _idle.Task;
        }

        Values.Close();
        _files.Dispose();
    }

    // Fills a new file, makes it durable and gives it its name; whatever fails, and throws, leaves none.
    private async ValueTask<Either<KvWriteError, Unit>> Finish(
        KvKey key, NewFile file, KvCondition? condition, Func<ValueTask<KvWriteError?>> fill)
    {
        var isNamed = false;
        try
        {
            var error = await fill()
                ?? await Call(() => DirectoryWriter.Sync(key, file))
                ?? await TakeTurn(() => _writer.Put(key, file, condition));
            isNamed = error is null;
            return Outcome(error);
        }
        finally
        {
            file.Dispose();
            if (!isNamed)
                await OffLoopCall<bool>.Run(_loop, () => _files.Delete(file.Name));
        }
    }

    private async ValueTask<KvWriteError?> AppendAll(
        KvKey key, NewFile file, PipeReader source, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await source.ReadAsync(cancellation);
            if (read.IsCanceled)
                throw new OperationCanceledException("The read of the pipe was cancelled.");
            var error = await Call(() => Append(key, file, read.Buffer));
            source.AdvanceTo(read.Buffer.End);
            if (error is not null || read.IsCompleted)
                return error;
        }
    }

    private static KvWriteError? Append(KvKey key, NewFile file, ReadOnlySequence<byte> bytes)
    {
        KvWriteError? error = null;
        foreach (var piece in bytes)
            error ??= DirectoryWriter.Append(key, file, piece.Span);
        return error;
    }

    private ValueTask<Either<KvWriteError, Unit>> InTurn(Func<KvWriteError?> change) =>
        Do(async () => Outcome(await TakeTurn(change)));

    private async ValueTask<KvWriteError?> TakeTurn(Func<KvWriteError?> change)
    {
        var before = _lastTurn;
        var turn = new TaskCompletionSource();
        _lastTurn = turn.Task;
        await before;
        try
        {
            return await Call(change);
        }
        finally
        {
            turn.SetResult();
        }
    }

    private async ValueTask<Either<KvWriteError, Unit>> Do(Func<ValueTask<Either<KvWriteError, Unit>>> act)
    {
        if (_isClosed)
            return new KvWriteError.Read(new KvError.Disconnected());
        _underWay++;
        try
        {
            return await act();
        }
        finally
        {
            if (--_underWay == 0)
                _idle?.TrySetResult();
        }
    }

    private ValueTask<KvWriteError?> Call(Func<KvWriteError?> call) => OffLoopCall<KvWriteError?>.Run(_loop, call);

    private static Either<KvWriteError, Unit> Outcome(KvWriteError? error) => error is null ? Unit.Default : error;
}
