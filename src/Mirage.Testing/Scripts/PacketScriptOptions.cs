using Mirage.Net;

namespace Mirage.Testing;

/// <summary>Between whom a <see cref="PacketScript"/> plays.</summary>
public sealed record PacketScriptOptions
{
    /// <summary>What everything random of the stack follows from, its initial sequence numbers among it.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The address of the stack with its network.</summary>
    public Cidr Stack { get; init; } = Cidr.Parse("10.0.0.1/24");

    /// <summary>The address of the peer.</summary>
    public IpAddress Peer { get; init; } = IpAddress.Parse("10.0.0.2");

    /// <summary>The gateway of the stack.</summary>
    public IpAddress? Gateway { get; init; }

    /// <summary>The link between them.</summary>
    public VirtualLinkOptions Link { get; init; } = new();

    /// <summary>Whether the peer answers requests of ARP by itself, for every address but the stack's, and the script
    /// sees none.</summary>
    public bool AnswersArp { get; init; } = true;

    /// <summary>The time, in the script's, within which it ends.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromHours(1);
}
