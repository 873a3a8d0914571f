namespace Mirage.Net;

/// <summary>What is counted for <see cref="TcpCounters"/>, which says what each is.</summary>
internal sealed class TcpTally
{
    public long ActiveOpens { get; set; }

    public long PassiveOpens { get; set; }

    public long InSegs { get; set; }

    public long OutSegs { get; set; }

    public long InErrs { get; set; }

    public long OutRsts { get; set; }

    public long ListenOverflows { get; set; }

    public long ListenDrops { get; set; }

    public long SyncookiesSent { get; set; }

    public long SyncookiesRecv { get; set; }

    public long SyncookiesFailed { get; set; }

    public long TCPTimeWaitOverflow { get; set; }

    public long TWRecycled { get; set; }

    public long PAWSEstab { get; set; }

    public long TCPMemoryPressures { get; set; }

    public long OfoPruned { get; set; }

    public long TCPAbortOnMemory { get; set; }

    public TcpCounters Counters => new()
    {
        ActiveOpens = ActiveOpens,
        PassiveOpens = PassiveOpens,
        InSegs = InSegs,
        OutSegs = OutSegs,
        InErrs = InErrs,
        OutRsts = OutRsts,
        ListenOverflows = ListenOverflows,
        ListenDrops = ListenDrops,
        SyncookiesSent = SyncookiesSent,
        SyncookiesRecv = SyncookiesRecv,
        SyncookiesFailed = SyncookiesFailed,
        TCPTimeWaitOverflow = TCPTimeWaitOverflow,
        TWRecycled = TWRecycled,
        PAWSEstab = PAWSEstab,
        TCPMemoryPressures = TCPMemoryPressures,
        OfoPruned = OfoPruned,
        TCPAbortOnMemory = TCPAbortOnMemory,
    };
}
