namespace Mirage.Net;

/// <summary>A part of a representation: <paramref name="Length"/> bytes from <paramref name="First"/> on, at least
/// one.</summary>
internal readonly record struct ByteRange(long First, long Length)
{
    /// <summary>The last byte.</summary>
    public long Last => First + Length - 1;
}
