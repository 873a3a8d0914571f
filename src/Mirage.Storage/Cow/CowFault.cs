namespace Mirage.Storage;

/// <summary>Why something of a <see cref="CowStore"/> cannot be read or written.</summary>
internal abstract record CowFault
{
    private CowFault() { }

    /// <summary>What a store answers for it.</summary>
    public KvError Of(KvKey key) => this switch
    {
        Corrupt => new KvError.Corrupt(key, ToString()),
        Device device => new KvError.Block(key, device.Inner),
        _ => new KvError.Storage(key, ToString()),
    };

    /// <summary>What a store answers to a change for it.</summary>
    public KvWriteError OfChange(KvKey key) =>
        this is NoSpace ? new KvWriteError.NoSpace(key) : new KvWriteError.Read(Of(key));

    /// <summary>What was read is not what was written.</summary>
    public sealed record Corrupt(long Page, string What) : CowFault
    {
        public override string ToString() => $"page {Page} is damaged: {What}";
    }

    /// <summary>The device said no.</summary>
    public sealed record Device(BlockError Inner) : CowFault
    {
        public override string ToString() => Inner.ToString();
    }

    /// <summary>No page is free for it.</summary>
    public sealed record NoSpace : CowFault
    {
        public override string ToString() => "no space left";
    }

    /// <summary>A value that no array of bytes can hold.</summary>
    public sealed record TooLarge(long Size) : CowFault
    {
        public override string ToString() => $"the value has {Size} bytes, too many to be read as one";
    }
}
