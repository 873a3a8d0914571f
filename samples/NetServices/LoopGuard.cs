/// <summary>Keeps two services from answering each other without end, CERT advisory CA-1996-01.</summary>
internal readonly struct LoopGuard(ushort offset)
{
    /// <summary>Whether a datagram from <paramref name="source"/> may come from a service that answers whatever it
    /// gets: echo, daytime, quote of the day, chargen.</summary>
    public bool IsService(Endpoint source) => IsService(source.Port) || IsService(source.Port - offset);

    private static bool IsService(int port) => port is 0 or 7 or 13 or 17 or 19;
}
