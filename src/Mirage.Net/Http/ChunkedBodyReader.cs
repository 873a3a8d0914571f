using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;

namespace Mirage.Net;

/// <summary>Decodes chunked content into a pipe, which a request that is chunked gets anew.</summary>
/// <remarks>Content is decoded as far as it has come whenever the handler has looked at everything before, so that the
/// pipe holds at most what the flow's window let in at once, and never more than
/// <see cref="HttpOptions.BodyBytesMax"/>.</remarks>
internal sealed class ChunkedBodyReader(HttpOptions options)
{
    // Only this object writes, and only while the reader has nothing: a threshold would stop nobody.
    private static readonly PipeOptions s_pipe = new(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0,
        useSynchronizationContext: false);

    private Pipe? _pipe;
    private ChunkedDecoder _decoder;

    public HttpFields Trailers { get; } = new();

    /// <summary>Whether the last chunk and the trailer section were read.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Why the content was refused; 0 while it was not.</summary>
    public HttpStatusCode Refusal { get; private set; }

    public PipeReader Decoded => _pipe!.Reader;

    public void Begin(bool isChunked)
    {
        if (_pipe is not null)
            End();
        Trailers.Clear();
        if (!isChunked)
            return;
        _pipe = new Pipe(s_pipe);
        (IsAtEnd, Refusal) = (false, 0);
        _decoder = new(Math.Min(options.BodyBytesMax, long.MaxValue >> 6), options.HeadBytesMax);
    }

    /// <summary>Decodes <paramref name="source"/> up to its end or the end of the message.</summary>
    /// <returns>Where the message ended or the bytes did.</returns>
    public SequencePosition Decode(in ReadOnlySequence<byte> source, out long count)
    {
        count = 0;
        var consumed = 0L;
        foreach (var memory in source)
        {
            var span = memory.Span;
            var isMore = Decode(ref span, ref count);
            consumed += memory.Length - span.Length;
            if (!isMore)
                break;
        }

        // Without a threshold a flush is complete when it returns.
        var flush = _pipe!.Writer.FlushAsync();
        Debug.Assert(flush.IsCompletedSuccessfully, "Nothing pauses the writer.");
        if (IsAtEnd)
            _pipe.Writer.Complete();
        return source.GetPosition(consumed);
    }

    private bool Decode(ref ReadOnlySpan<byte> span, ref long count)
    {
        while (true)
        {
            switch (_decoder.Next(ref span, out var run))
            {
                case ChunkedDecoder.Kind.Data:
                    _pipe!.Writer.Write(run);
                    count += run.Length;
                    break;
                case ChunkedDecoder.Kind.Trailer:
                    Trailers.Append(run);
                    break;
                case ChunkedDecoder.Kind.More:
                    return true;
                case ChunkedDecoder.Kind.Done:
                    IsAtEnd = true;
                    Refusal = Trailers.Parse(0);
                    if (Trailers.Count > options.HeaderCountMax)
                        Refusal = HttpStatusCode.RequestHeaderFieldsTooLarge;
                    return false;
                default:
                    Refusal = _decoder.Refusal;
                    return false;
            }
        }
    }

    private void End()
    {
        _pipe!.Writer.Complete();
        _pipe.Reader.Complete();
        _pipe = null;
    }
}
