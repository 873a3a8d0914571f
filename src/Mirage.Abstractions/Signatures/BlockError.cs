namespace Mirage;

/// <summary>What a block device answers when it cannot do what it was asked.</summary>
public abstract record BlockError
{
    private BlockError() { }

    /// <summary>The device is disconnected.</summary>
    public sealed record Disconnected : BlockError
    {
        /// <inheritdoc/>
        public override string ToString() => "the block device is disconnected";
    }

    /// <summary>The device takes no writes.</summary>
    public sealed record ReadOnly : BlockError
    {
        /// <inheritdoc/>
        public override string ToString() => "the block device is read-only";
    }

    /// <summary>Sectors that the device does not have; nothing was transferred.</summary>
    public sealed record OutOfBounds(long Sector, long Count) : BlockError
    {
        /// <inheritdoc/>
        public override string ToString() => $"the {Count} sectors from {Sector} on are not all on the device";
    }

    /// <summary>A buffer that is no whole number of sectors; nothing was transferred.</summary>
    public sealed record BadAlignment(int Length) : BlockError
    {
        /// <inheritdoc/>
        public override string ToString() => $"a buffer of {Length} bytes is no whole number of sectors";
    }

    /// <summary>The device failed.</summary>
    public sealed record Io(long Sector, string Reason) : BlockError
    {
        /// <inheritdoc/>
        public override string ToString() => $"sector {Sector}: {Reason}";
    }

    /// <summary>The sector is there and what it holds is not what was written: a checksum or an authentication failed,
    /// or metadata contradict each other.</summary>
    public sealed record Corrupt(long Sector, string Reason) : BlockError
    {
        /// <inheritdoc/>
        public override string ToString() => $"sector {Sector} is corrupt: {Reason}";
    }

    /// <summary>What is below the device has no room for the sector.</summary>
    public sealed record NoSpace(long Sector) : BlockError
    {
        /// <inheritdoc/>
        public override string ToString() => $"sector {Sector}: no space left";
    }

    /// <summary>The device cannot do that.</summary>
    public sealed record Unsupported(string Operation) : BlockError
    {
        /// <inheritdoc/>
        public override string ToString() => $"the block device cannot {Operation}";
    }
}
