namespace Mirage.Net;

/// <summary>Echo requests of this host and their replies, without I/O.</summary>
/// <remarks>A reply counts when it is from the host that was asked and has the identifier, the sequence number and the
/// data of the request: one that cannot see the request cannot forge it.</remarks>
/// <param name="identifier">Random; the same in every request of a stack.</param>
internal sealed class IcmpEchoMachine(ushort identifier)
{
    /// <summary>Requests under way.</summary>
    public const int RequestsMax = 1024;

    private readonly Dictionary<ushort, Request> _requests = [];
    private ushort _sequence;

    public int Count => _requests.Count;

    /// <summary>A request is about to be sent; false when too many are under way.</summary>
    public bool HandleRequest(IpAddress destination, ReadOnlyMemory<byte> data, long nowNs, out IcmpEcho echo)
    {
        echo = default;
        if (Count >= RequestsMax)
            return false;
        while (_requests.ContainsKey(++_sequence)) // Fewer are under way than there are numbers.
            continue;
        _requests.Add(_sequence, new(destination, data, nowNs));
        echo = new(IsReply: false, identifier, _sequence);
        return true;
    }

    /// <summary>A reply has arrived; true when it answers a request, which took <paramref name="elapsedNs"/>.</summary>
    public bool HandleReply(IpAddress source, in IcmpEcho echo, ReadOnlySpan<byte> data, long nowNs, out long elapsedNs)
    {
        elapsedNs = 0;
        if (echo.Identifier != identifier || !_requests.TryGetValue(echo.Sequence, out var request))
            return false;
        if (request.Destination != source || !request.Data.Span.SequenceEqual(data))
            return false;

        _requests.Remove(echo.Sequence);
        elapsedNs = nowNs - request.SentNs;
        return true;
    }

    /// <summary>Nobody waits for the reply any longer.</summary>
    public void HandleCancel(ushort sequence) => _requests.Remove(sequence);

    private readonly record struct Request(IpAddress Destination, ReadOnlyMemory<byte> Data, long SentNs);
}
