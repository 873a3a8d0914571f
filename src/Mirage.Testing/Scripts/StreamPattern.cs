namespace Mirage.Testing;

/// <summary>The bytes of the streams of a script: each says where it belongs, so that one that is misplaced is
/// seen.</summary>
public static class StreamPattern
{
    /// <summary>The byte at a place; the first one of a stream is at 1.</summary>
    public static byte At(int place) => unchecked((byte)((place * 7) + (place >> 8)));

    /// <summary>Fills <paramref name="destination"/> with the bytes from <paramref name="place"/> on.</summary>
    public static void Fill(Span<byte> destination, int place)
    {
        for (var index = 0; index < destination.Length; index++)
            destination[index] = At(place + index);
    }
}
