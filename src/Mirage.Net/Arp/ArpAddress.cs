namespace Mirage.Net;

/// <summary>An address of this host that ARP answers for.</summary>
internal sealed class ArpAddress(IpAddress ip)
{
    public IpAddress Ip { get; } = ip;

    /// <summary>Announcements still to be sent.</summary>
    public int Announcements { get; set; }

    /// <summary>When the next one is due.</summary>
    public long AnnounceDueNs { get; set; }

    /// <summary>Until when a conflict is not answered again.</summary>
    public long? DefendedUntilNs { get; set; }
}
