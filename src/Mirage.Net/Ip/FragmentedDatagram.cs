using System.Buffers;
using System.Diagnostics;

namespace Mirage.Net;

/// <summary>The fragments of one datagram that have arrived, in the order of their offsets.</summary>
internal sealed class FragmentedDatagram
{
    /// <summary>More than a datagram of 64 KiB has on a link of 576 bytes, and few enough to be searched and
    /// shifted.</summary>
    public const int FragmentsMax = 256;

    /// <summary>What a datagram is charged for beside its bytes.</summary>
    public const int Overhead = 512;

    private const int FragmentOverhead = 32, FragmentsMin = 8, HeaderMax = 60;
    private readonly byte[] _header = new byte[HeaderMax];
    private Fragment[] _fragments = new Fragment[FragmentsMin];
    private int _count;
    private int _headerLength;
    private byte _ttl;
    private bool _isBroadcast;
    private int _received;
    private int _total;
    private byte _ecn;

    public FragmentedDatagram() => Node = new(this);

    public FragmentKey Key { get; private set; }

    public long DueNs { get; private set; }

    /// <summary>Its place in the order of age.</summary>
    public LinkedListNode<FragmentedDatagram> Node { get; }

    /// <summary>Bytes that it is charged for.</summary>
    public int Memory { get; private set; }

    /// <summary>Whether it was contradicted: what still arrives of it is dropped.</summary>
    public bool IsDead { get; private set; }

    public bool IsComplete => _total >= 0 && _received == _total;

    /// <summary>Whether the fragment with the transport header is there.</summary>
    public bool HasFirst => _count > 0 && _fragments[0].Start == 0;

    public void Begin(scoped in FragmentKey key, long dueNs)
    {
        (Key, DueNs) = (key, dueNs);
        (_count, _received, _total, _ecn) = (0, 0, -1, 0);
        (Memory, IsDead) = (Overhead, false);
    }

    /// <summary>Adds a fragment whose own length and offset are possible.</summary>
    public FragmentVerdict Add(in ReceivedPacket fragment, int start, bool isLast)
    {
        var bytes = fragment.Payload.Bytes;
        var end = start + bytes.Length;
        var index = Find(start);
        if (index < _count && _fragments[index].Start == start)
        {
            var isSame = _fragments[index].Span.SequenceEqual(bytes) && isLast == (end == _total);
            return isSame ? FragmentVerdict.Duplicate : Kill();
        }

        // RFC 5722 and RFC 8200 section 4.5, for IPv4 too: whoever overlaps fragments wants two readers to see two
        // datagrams.
        if ((index > 0 && _fragments[index - 1].End > start) || (index < _count && _fragments[index].Start < end))
            return Kill();
        if (isLast ? _total >= 0 || index < _count : _total >= 0 && end >= _total)
            return Kill();
        if (_count == FragmentsMax)
            return Kill();

        if (isLast)
            _total = end;
        if (start == 0)
            KeepHeader(fragment);
        // RFC 3168 section 5.3: a mark on any fragment counts.
        _ecn = fragment.Ecn == 3 || _ecn == 3 ? (byte)3 : fragment.Ecn;
        Insert(index, start, bytes);
        return IsComplete ? FragmentVerdict.Complete : FragmentVerdict.Held;
    }

    /// <summary>The first fragment as a packet, for a quotation.</summary>
    public ReceivedPacket Quote() => ToPacket(_fragments[0].Span);

    /// <summary>Copies the datagram to <paramref name="destination"/> and gives it as a packet that lies
    /// there.</summary>
    public ReceivedPacket Assemble(Span<byte> destination)
    {
        Debug.Assert(IsComplete && HasFirst, "A complete datagram begins at its beginning.");
        for (var index = 0; index < _count; index++)
            _fragments[index].Span.CopyTo(destination[_fragments[index].Start..]);
        return ToPacket(destination[.._total]);
    }

    /// <summary>Gives its memory back.</summary>
    public void Release()
    {
        for (var index = 0; index < _count; index++)
            ArrayPool<byte>.Shared.Return(_fragments[index].Array);
        Array.Clear(_fragments, 0, _count);
        (_count, Memory) = (0, Overhead);
    }

    private void KeepHeader(in ReceivedPacket fragment)
    {
        _headerLength = Math.Min(fragment.Header.Length, HeaderMax);
        fragment.Header[.._headerLength].CopyTo(_header);
        (_ttl, _isBroadcast) = (fragment.Ttl, fragment.IsBroadcast);
    }

    private ReceivedPacket ToPacket(ReadOnlySpan<byte> payload) => new()
    {
        Source = Key.Source,
        Destination = Key.Destination,
        Protocol = Key.Protocol,
        Ttl = _ttl,
        Ecn = _ecn,
        IsBroadcast = _isBroadcast,
        Header = _header.AsSpan(0, _headerLength),
        Payload = new(payload),
    };

    private FragmentVerdict Kill()
    {
        Release();
        IsDead = true;
        return FragmentVerdict.Killed;
    }

    // The index of the first fragment that begins at start or after it.
    private int Find(int start)
    {
        var (low, high) = (0, _count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_fragments[middle].Start < start)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private void Insert(int index, int start, ReadOnlySpan<byte> bytes)
    {
        if (_count == _fragments.Length)
            Array.Resize(ref _fragments, _count * 2);
        var array = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(array);
        Array.Copy(_fragments, index, _fragments, index + 1, _count - index);
        _fragments[index] = new(start, bytes.Length, array);
        _count++;
        _received += bytes.Length;
        Memory += array.Length + FragmentOverhead;
    }

    private readonly record struct Fragment(int Start, int Length, byte[] Array)
    {
        public int End => Start + Length;

        public ReadOnlySpan<byte> Span => Array.AsSpan(0, Length);
    }
}
