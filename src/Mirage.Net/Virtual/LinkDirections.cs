namespace Mirage.Net;

/// <summary>Which frames a faulty link acts on, as its user sees them.</summary>
[Flags]
public enum LinkDirections
{
    /// <summary>None: the link is as good as the one below.</summary>
    None = 0,

    /// <summary>Those that this end sends.</summary>
    Sent = 1,

    /// <summary>Those that this end receives.</summary>
    Received = 2,

    /// <summary>All.</summary>
    Both = Sent | Received,
}
