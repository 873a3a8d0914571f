using System.Buffers;
using System.IO.Pipelines;

namespace Mirage.Testing;

/// <summary>One direction of a flow, written and read by a law: the bytes are those of
/// <see cref="StreamPattern"/>.</summary>
internal sealed class LawStream(LawRun run, string name, PipeWriter output, PipeReader input)
{
    private const int UntouchedMax = 16 * 1024;

    private Task _writing = Task.CompletedTask;

    /// <summary>Bytes that were written or are going to be.</summary>
    public long Written { get; private set; }

    /// <summary>Bytes that were read and consumed.</summary>
    public long Consumed { get; private set; }

    /// <summary>Bytes that the reader has looked at.</summary>
    public long Examined { get; private set; }

    /// <summary>Whether the writer has ended the stream, be it by disposing its end.</summary>
    public bool IsEnded { get; set; }

    /// <summary>Whether every write has completed.</summary>
    public bool IsIdle => _writing.IsCompleted;

    /// <summary>Writes that many bytes once what was written before has been accepted.</summary>
    public void Write(int length)
    {
        var bytes = new byte[length];
        StreamPattern.Fill(bytes, unchecked((int)Written));
        Written += length;
        _writing = Behind(_writing);

        async Task Behind(Task before)
        {
            await before;
            await output.WriteAsync(bytes);
        }
    }

    /// <summary>Ends the stream once what was written has been accepted.</summary>
    public void End()
    {
        IsEnded = true;
        _writing = Behind(_writing);

        async Task Behind(Task before)
        {
            await before;
            await output.CompleteAsync();
        }
    }

    /// <summary>Completes when everything was accepted.</summary>
    public ValueTask Accepted() => run.Await(() => new ValueTask(_writing));

    /// <summary>Reads once: what is there has to be what was written, from where the reader is.</summary>
    /// <param name="permille">How much of what is there is consumed.</param>
    /// <param name="isExamined">Whether all of it is looked at, so that the next read waits for more.</param>
    /// <returns>Whether the stream is over.</returns>
    public async ValueTask<bool> Read(int permille = 1000, bool isExamined = true)
    {
        var result = await run.Await(() => input.ReadAsync());
        var buffer = result.Buffer;
        run.Expect(!buffer.IsEmpty || result.IsCompleted, $"a byte of the {name} or its end", "neither");
        run.Expect(!result.IsCanceled, "a read that nobody cancelled", "a cancelled one");
        Verify(buffer);
        var end = Consumed + buffer.Length;
        if (result.IsCompleted && (!IsEnded || end < Written))
        {
            run.Fail(IsEnded ? $"all {Written} bytes of the {name} before its end" : $"no end of the {name}",
                $"the end after {end} bytes");
        }

        // Who waits for more than the window holds, and takes nothing, waits for ever: IFlow says so.
        var isTooMuch = isExamined && buffer.Length > UntouchedMax;
        var taken = isTooMuch ? buffer.Length : buffer.Length * permille / 1000;
        Consumed += taken;
        Examined = isExamined ? end : Math.Max(Examined, Consumed);
        var consumed = buffer.GetPosition(taken);
        input.AdvanceTo(consumed, isExamined ? buffer.End : buffer.GetPosition(Examined - (end - buffer.Length)));
        return result.IsCompleted && taken == buffer.Length;
    }

    /// <summary>Reads to the end.</summary>
    public async ValueTask Drain()
    {
        while (!await Read())
        {
        }

        run.ExpectEqual(Written, Consumed);
    }

    private void Verify(in ReadOnlySequence<byte> buffer)
    {
        var place = Consumed;
        foreach (var memory in buffer)
        {
            foreach (var value in memory.Span)
            {
                if (place >= Written)
                    run.Fail($"{Written} bytes of the {name}", $"byte {place}, which nobody wrote");
                if (value != StreamPattern.At(unchecked((int)place)))
                    run.Fail($"byte {place} of the {name} as it was written", "another byte");
                place++;
            }
        }
    }
}
