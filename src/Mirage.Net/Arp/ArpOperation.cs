namespace Mirage.Net;

/// <summary>What an ARP packet does.</summary>
public enum ArpOperation : ushort
{
    /// <summary>Asks who has the target's address.</summary>
    Request = 1,

    /// <summary>Answers a request.</summary>
    Reply = 2,
}
