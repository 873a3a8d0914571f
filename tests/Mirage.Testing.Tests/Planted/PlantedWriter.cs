using System.Buffers;
using System.IO.Pipelines;

namespace Mirage.Testing.Tests;

/// <summary>The writing end of a connection, which does something to what is flushed.</summary>
internal abstract class PlantedWriter(PipeWriter inner) : PipeWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    protected PipeWriter Inner => inner;

    public override void Advance(int bytes) => _buffer.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => _buffer.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _buffer.GetSpan(sizeHint);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        var bytes = _buffer.WrittenSpan.ToArray();
        _buffer.ResetWrittenCount();
        return Send(bytes);
    }

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    protected abstract ValueTask<FlushResult> Send(byte[] bytes);
}
