using LanguageExt;

namespace Mirage.Unix;

/// <summary>What the keys of a network interface say.</summary>
/// <param name="Name">The link: a TAP, <c>fd:N</c> or <c>user</c>.</param>
/// <param name="Mac">The address to send from, or None for a random one.</param>
/// <param name="Address">The unikernel's address, around which a user-mode network is laid out.</param>
/// <param name="Forwards">Ports of a user-mode network.</param>
internal sealed record LinkSettings(
    string Name, Option<MacAddress> Mac, Cidr Address, IReadOnlyList<PortForward> Forwards)
{
    /// <summary>Whether checksums and the cutting of long frames are left to the kernel where it does them.</summary>
    public bool UsesOffload { get; init; } = true;

    /// <summary>Queues of the TAP, each for a unikernel on a loop of its own.</summary>
    public int Queues { get; init; } = 1;

    /// <summary>The longest for which the loop looks for input before it sleeps, µs; None leaves it to the
    /// host.</summary>
    public Option<int> BusyPollUs { get; init; }
}
