using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.IO.Pipelines;

namespace Mirage.Net;

/// <summary>Frames the content of a response on its way into the flow. Nothing is copied: a chunk's size is written
/// into room kept before it.</summary>
internal sealed class ServerResponseBody(HttpTransport transport) : PipeWriter
{
    private const int LineEnd = 2;

    private ResponseFraming _framing;
    private long _remaining;
    private int _digits;
    private Memory<byte> _memory;
    private Memory<byte> _chunkRoom;
    private byte[] _dropped = [];
    private bool _isComplete;

    /// <summary>Whether fewer bytes were written than the head promised.</summary>
    public bool IsShort => _framing is ResponseFraming.Length && _remaining > 0;

    public void Begin(ResponseFraming framing, long? length)
    {
        (_framing, _remaining, _isComplete) = (framing, length ?? long.MaxValue, false);
        _memory = default;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_isComplete)
            throw new InvalidOperationException("The response is complete.");
        _memory = _framing switch
        {
            ResponseFraming.None => GetDropped(sizeHint),
            ResponseFraming.Chunked => GetChunk(sizeHint),
            _ => transport.Output.GetMemory(sizeHint),
        };
        return _memory;
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bytes, (uint)_memory.Length, nameof(bytes));
        if (bytes > _remaining)
            throw new InvalidOperationException("More was written than the length that the response began with.");
        if (_remaining != long.MaxValue)
            _remaining -= bytes;
        _memory = default;

        if (_framing is ResponseFraming.Chunked)
            AdvanceChunk(bytes);
        else if (_framing is not ResponseFraming.None)
            transport.Output.Advance(bytes);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        (_memory, _chunkRoom) = (default, default); // What was not advanced over is the writer's no longer.
        var flush = transport.Flush(cancellationToken);
        if (!flush.IsCompletedSuccessfully)
            return Await(flush);
        flush.GetAwaiter().GetResult();
        return new(default(FlushResult));

        static async ValueTask<FlushResult> Await(ValueTask flush)
        {
            await flush;
            return default;
        }
    }

    public override void CancelPendingFlush() => transport.Output.CancelPendingFlush();

    /// <summary>An exception says that the content is not what was promised: the client must see that it is cut
    /// off.</summary>
    public override void Complete(Exception? exception = null)
    {
        _isComplete = true;
        if (exception is not null)
            transport.Abort();
    }

    /// <summary>Ends the content.</summary>
    public void Finish(HttpResponseFields trailers)
    {
        _isComplete = true;
        if (_framing is not ResponseFraming.Chunked)
            return;
        transport.Output.Write("0\r\n"u8);
        transport.Output.Write(trailers.Lines);
        transport.Output.Write("\r\n"u8);
    }

    private Memory<byte> GetDropped(int sizeHint)
    {
        const int Least = 4096;
        if (_dropped.Length < Math.Max(sizeHint, Least))
            _dropped = new byte[Math.Max(sizeHint, Least)];
        return _dropped;
    }

    // Room for: size in as many digits as the memory can need, CRLF, content, CRLF. Leading zeros are part of the
    // grammar.
    private Memory<byte> GetChunk(int sizeHint)
    {
        const int OverheadMax = 8 + LineEnd + LineEnd;
        var room = transport.Output.GetMemory(Math.Max(sizeHint, 1) + OverheadMax);
        _digits = DigitsOf(room.Length);
        _chunkRoom = room;
        return room[(_digits + LineEnd)..^LineEnd];
    }

    private void AdvanceChunk(int bytes)
    {
        if (bytes == 0)
            return; // A chunk of size 0 would end the content.
        var room = _chunkRoom.Span;
        var isFormatted = Utf8Formatter.TryFormat(bytes, room, out var written, new StandardFormat('x', (byte)_digits));
        Debug.Assert(isFormatted && written == _digits, "The room has as many digits as its own length needs.");
        "\r\n"u8.CopyTo(room[_digits..]);
        "\r\n"u8.CopyTo(room[(_digits + LineEnd + bytes)..]);
        _chunkRoom = default;
        transport.Output.Advance(_digits + LineEnd + bytes + LineEnd);
    }

    private static int DigitsOf(int value)
    {
        var digits = 1;
        while ((value >>= 4) > 0)
            digits++;
        return digits;
    }
}
