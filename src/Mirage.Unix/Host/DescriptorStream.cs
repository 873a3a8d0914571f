namespace Mirage.Unix;

/// <summary>Text output on an inherited descriptor. A reader that has gone is no error: what is written then is
/// lost.</summary>
internal sealed unsafe class DescriptorStream(int descriptor) : Stream
{
    private bool _isBroken = !IsInherited(descriptor);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            for (var written = 0; written < buffer.Length && !_isBroken;)
            {
                var count = Libc.Write(descriptor, start + written, buffer.Length - written);
                if (count >= 0)
                    written += (int)count;
                else
                    Recover(Errno.Last);
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    // A process that is started with its output closed gets that number for something of its own: a socket to a peer,
    // or what the runtime signals itself by. Those are closed on exec, and what came through exec is not.
    private static bool IsInherited(int descriptor)
    {
        var flags = Libc.FileControl(descriptor, Libc.GetDescriptorFlags, 0);
        return flags >= 0 && (flags & Libc.DescriptorCloseOnExec) == 0;
    }

    // Whoever started the process may have made its terminal non-blocking: then wait, as a blocking write does.
    private void Recover(int error)
    {
        if (error == Errno.Again)
        {
            var poll = new Libc.PollDescriptor { Descriptor = descriptor, Events = Libc.PollOut };
            _ = Libc.Poll(&poll, 1, -1);
        }
        else if (error != Errno.Interrupted)
        {
            _isBroken = true;
        }
    }
}
