namespace Mirage.Storage;

/// <summary>Why a partition table cannot be read or written.</summary>
public abstract record PartitionError
{
    private PartitionError() { }

    /// <summary>The device failed.</summary>
    public sealed record Device(BlockError Inner) : PartitionError
    {
        /// <inheritdoc/>
        public override string ToString() => Inner.ToString();
    }

    /// <summary>The device has no partition table.</summary>
    public sealed record NoTable : PartitionError
    {
        /// <inheritdoc/>
        public override string ToString() => "there is no partition table";
    }

    /// <summary>There is a table, and it contradicts itself or the device.</summary>
    public sealed record Corrupt(string Reason) : PartitionError
    {
        /// <inheritdoc/>
        public override string ToString() => $"the partition table is damaged: {Reason}";
    }

    /// <summary>The table that was to be written cannot be one of this device. Nothing was written.</summary>
    public sealed record Illegal(string Reason) : PartitionError
    {
        /// <inheritdoc/>
        public override string ToString() => $"that cannot be the partition table of the device: {Reason}";
    }
}
