namespace Mirage.Net;

/// <summary>A value with one wire image.</summary>
/// <typeparam name="TSelf">The type that implements the format.</typeparam>
public interface IWireFormat<TSelf> where TSelf : struct, IWireFormat<TSelf>
{
    /// <summary>Bytes of this value's image.</summary>
    int Size { get; }

    /// <summary>Reads the image at the start of <paramref name="source"/>. Total: throws on no input, allocates
    /// nothing.</summary>
    static abstract ParseStatus Parse(ReadOnlySpan<byte> source, out TSelf value);

    /// <summary>Writes the image to the start of <paramref name="destination"/>, which has <see cref="Size"/>
    /// bytes.</summary>
    void Emit(Span<byte> destination);
}
