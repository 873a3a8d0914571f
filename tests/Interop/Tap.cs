namespace Mirage.Interop;

/// <summary>A TAP device inside a namespace: the kernel's side of it has an address, the other waits for a
/// unikernel.</summary>
internal sealed class Tap
{
    public Tap(
        Namespace inside, string name = "tap0", string address = "10.0.0.1/24", int mtu = 1500, int? owner = null)
    {
        Name = name;
        var rights = owner is null ? "" : $"user {owner}"; // Without an owner anybody may open it.
        inside.Must($"ip tuntap add dev {name} mode tap {rights} && ip addr add {address} dev {name}");
        inside.Must($"ip link set {name} up mtu {mtu}");
    }

    public string Name { get; }

    /// <summary>What the kernel says of its side.</summary>
    public string Addresses(Namespace inside) => inside.Must($"ip addr show dev {Name}");
}
