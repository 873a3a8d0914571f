namespace Mirage.Storage;

/// <summary>Why a device cannot be formatted.</summary>
public abstract record FatError
{
    private FatError() { }

    /// <summary>The device failed; there is no volume on it now.</summary>
    public sealed record Device(BlockError Inner) : FatError
    {
        /// <inheritdoc/>
        public override string ToString() => Inner.ToString();
    }

    /// <summary>No volume of that kind has so many sectors of that size. Nothing was written.</summary>
    public sealed record Size(string Reason) : FatError
    {
        /// <inheritdoc/>
        public override string ToString() => Reason;
    }
}
