namespace Mirage.Net;

/// <summary>Datagrams that wait to be received: a ring of their bytes and a ring of what is said of each.</summary>
/// <remarks>Both grow as they are needed and stay as they are, so that nothing is allocated for a datagram once they
/// have grown.</remarks>
internal sealed class DatagramQueue(int bytesMax, int countMax)
{
    private const int BytesMin = 2048, CountMin = 16;

    private byte[] _bytes = [];
    private Entry[] _entries = [];
    private int _bytesStart;
    private int _entriesStart;

    /// <summary>Datagrams that wait.</summary>
    public int Count { get; private set; }

    /// <summary>Their bytes.</summary>
    public int Length { get; private set; }

    /// <summary>Keeps a copy; false when there is no room.</summary>
    public bool TryAdd(Endpoint source, Endpoint destination, ReadOnlySpan<byte> payload)
    {
        if (Count >= countMax || payload.Length > bytesMax - Length)
            return false;
        if (Count == _entries.Length)
            GrowEntries();
        if (payload.Length > _bytes.Length - Length)
            GrowBytes(Length + payload.Length);

        _entries[(_entriesStart + Count) % _entries.Length] = new(source, destination, payload.Length);
        Count++;
        var end = _bytes.Length == 0 ? 0 : (_bytesStart + Length) % _bytes.Length;
        var first = Math.Min(payload.Length, _bytes.Length - end);
        payload[..first].CopyTo(_bytes.AsSpan(end));
        payload[first..].CopyTo(_bytes);
        Length += payload.Length;
        return true;
    }

    /// <summary>Takes the oldest one: as much of it as fits <paramref name="buffer"/>; the rest is lost.</summary>
    public bool TryTake(Span<byte> buffer, out UdpReceived received)
    {
        received = default;
        if (Count == 0)
            return false;

        var (source, destination, length) = _entries[_entriesStart];
        var copied = Math.Min(length, buffer.Length);
        var first = Math.Min(copied, _bytes.Length - _bytesStart);
        _bytes.AsSpan(_bytesStart, first).CopyTo(buffer);
        _bytes.AsSpan(0, copied - first).CopyTo(buffer[first..]);

        _entriesStart = (_entriesStart + 1) % _entries.Length;
        _bytesStart = length == 0 ? _bytesStart : (_bytesStart + length) % _bytes.Length;
        Count--;
        Length -= length;
        received = new(source, destination, copied, copied < length);
        return true;
    }

    public void Clear()
    {
        (_bytes, _entries) = ([], []);
        (Count, Length, _bytesStart, _entriesStart) = (0, 0, 0, 0);
    }

    private void GrowEntries()
    {
        var grown = new Entry[Math.Min(countMax, Math.Max(CountMin, Count * 2))];
        for (var index = 0; index < Count; index++)
            grown[index] = _entries[(_entriesStart + index) % _entries.Length];
        (_entries, _entriesStart) = (grown, 0);
    }

    private void GrowBytes(int needed)
    {
        var size = (int)Math.Min(bytesMax, Math.Max((long)_bytes.Length * 2, Math.Max(needed, BytesMin)));
        var grown = new byte[size];
        var first = Math.Min(Length, _bytes.Length - _bytesStart);
        _bytes.AsSpan(_bytesStart, first).CopyTo(grown);
        _bytes.AsSpan(0, Length - first).CopyTo(grown.AsSpan(first));
        (_bytes, _bytesStart) = (grown, 0);
    }

    private readonly record struct Entry(Endpoint Source, Endpoint Destination, int Length);
}
