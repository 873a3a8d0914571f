using System.Buffers;
using System.IO.Pipelines;

namespace Mirage.Net.Tests;

/// <summary>Drives a reader and writes down what it shows.</summary>
internal sealed class ReaderScript(PipeReader reader)
{
    private ReadResult? _last;
    private bool _isPending;
    // A position before an earlier one is a mistake that a pipe without a threshold does not notice.
    private int _examined;

    public List<string> Log { get; } = [];

    public void TryRead() => Guard(() =>
    {
        var got = reader.TryRead(out var result);
        Log.Add($"try {got}");
        if (got)
            Show(result);
    });

    public void Read()
    {
        if (!_isPending)
            Guard(() => _ = Await(reader.ReadAsync()));
    }

    public void Cancel() => Guard(reader.CancelPendingRead);

    public void Advance(int first, int second) => Guard(() =>
    {
        if (_last is not { Buffer: var buffer })
        {
            reader.AdvanceTo(default);
            return;
        }

        _last = null;
        var examined = _examined + (second % ((int)buffer.Length - _examined + 1));
        var consumed = first % (examined + 1);
        Log.Add($"advance {consumed} {examined}");
        var (consumedAt, examinedAt) = (buffer.GetPosition(consumed), buffer.GetPosition(examined));
        _examined = examined - consumed;
        reader.AdvanceTo(consumedAt, examinedAt);
    });

    private async Task Await(ValueTask<ReadResult> read)
    {
        _isPending = true;
        try
        {
            var result = await read;
            Log.Add("read");
            Show(result);
        }
        catch (InvalidOperationException)
        {
            Log.Add("refused late");
        }
        finally
        {
            _isPending = false;
        }
    }

    private void Show(ReadResult result)
    {
        _last = result;
        Log.Add($"{Convert.ToHexString(result.Buffer.ToArray())} {result.IsCanceled} {result.IsCompleted}");
    }

    private void Guard(Action step)
    {
        try
        {
            step();
        }
        catch (InvalidOperationException)
        {
            Log.Add("refused");
        }
    }
}
