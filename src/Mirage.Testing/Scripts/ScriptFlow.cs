using System.Buffers;

namespace Mirage.Testing;

/// <summary>A connection of the stack under test, as its application has it.</summary>
/// <remarks>What it writes and reads by length are the bytes of <see cref="StreamPattern"/>.</remarks>
public sealed class ScriptFlow
{
    private readonly PacketScript _script;
    private int _written;
    private int _read;

    internal ScriptFlow(PacketScript script, IFlow flow) => (_script, Flow) = (script, flow);

    /// <summary>The connection.</summary>
    public IFlow Flow { get; }

    /// <summary>Writes that wait for room, and the last one that did not.</summary>
    public Task Writing { get; private set; } = Task.CompletedTask;

    /// <summary>The application writes that many bytes of the pattern and flushes them.</summary>
    public void Write(int length)
    {
        var bytes = new byte[length];
        StreamPattern.Fill(bytes, 1 + _written);
        Write(bytes);
    }

    /// <summary>The application writes these bytes and flushes them.</summary>
    public void Write(params ReadOnlySpan<byte> bytes)
    {
        _script.Note($"writes {bytes.Length} bytes");
        _written += bytes.Length;
        Flow.Output.Write(bytes);
        Writing = Flow.Output.FlushAsync().AsTask();
    }

    /// <summary>The application reads that many bytes, which have to be those of the pattern.</summary>
    public async Task Read(int length, When when = default)
    {
        var expected = new byte[length];
        StreamPattern.Fill(expected, 1 + _read);
        var bytes = await Take(length, when);
        if (!bytes.AsSpan().SequenceEqual(expected))
        {
            var place = _read - length + bytes.AsSpan().CommonPrefixLength(expected) + 1;
            throw _script.Failure($"The application read {length} bytes, and the one at {place} is wrong.", []);
        }
    }

    /// <summary>The application reads that many bytes, whatever they are.</summary>
    public async Task<byte[]> Take(int length, When when = default)
    {
        var result = await _script.Limit(
            Flow.Input.ReadAtLeastAsync(length).AsTask(), when, $"reads {length} bytes");
        if (result.Buffer.Length < length)
        {
            throw _script.Failure(
                $"The application was to read {length} bytes, and the stream ended after {result.Buffer.Length}.", []);
        }

        var bytes = result.Buffer.Slice(0, length).ToArray();
        Flow.Input.AdvanceTo(result.Buffer.GetPosition(length));
        _read += length;
        return bytes;
    }

    /// <summary>The application reads the end of the peer's stream.</summary>
    public async Task ReadEnd(When when = default)
    {
        var result = await _script.Limit(Flow.Input.ReadAsync().AsTask(), when, "reads the end of the stream");
        var (length, isCompleted) = (result.Buffer.Length, result.IsCompleted);
        Flow.Input.AdvanceTo(result.Buffer.Start);
        if (length > 0 || !isCompleted)
            throw _script.Failure($"The application was to read the end, and there are {length} bytes.", []);
    }

    /// <summary>Reading fails; gives why.</summary>
    public Task<TcpError> ReadError(When when = default) =>
        Error(() => Flow.Input.ReadAsync().AsTask(), when, "reads that the connection broke");

    /// <summary>The write under way fails; gives why.</summary>
    public Task<TcpError> WriteError(When when = default) =>
        Error(() => Writing, when, "sees its write fail");

    /// <summary>The application ends its stream, and still reads.</summary>
    public void Close()
    {
        _script.Note("closes its stream");
        Flow.Output.Complete();
    }

    /// <summary>The application is done with the connection in both directions.</summary>
    public ValueTask Dispose()
    {
        _script.Note("disposes the connection");
        return Flow.DisposeAsync();
    }

    /// <summary>The application resets the connection.</summary>
    public void Abort()
    {
        _script.Note("aborts");
        Flow.Abort();
    }

    private async Task<TcpError> Error(Func<Task> begin, When when, string what)
    {
        return await _script.Limit(Observe(), when, what)
            ?? throw _script.Failure($"The application {what}: that was expected, and it did not fail.", []);

        async Task<TcpError?> Observe()
        {
            try
            {
                await begin(); // Which may fail at once: the connection broke before.
                return null;
            }
            catch (FlowException broken)
            {
                return broken.Error;
            }
        }
    }
}
