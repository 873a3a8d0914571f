namespace Mirage.Net;

/// <summary>Which ports are in which multicast groups.</summary>
internal sealed class UdpGroups
{
    /// <summary>Memberships of all ports.</summary>
    public const int CountMax = 1024;

    // An array is never written once it is here: a handler may join and leave while it is gone through.
    private readonly Dictionary<IpAddress, BoundPort[]> _members = [];

    /// <summary>Memberships of all ports.</summary>
    public int Count { get; private set; }

    public bool IsFull => Count >= CountMax;

    /// <summary>The ports in <paramref name="group"/>.</summary>
    public BoundPort[] Of(IpAddress group) => _members.TryGetValue(group, out var ports) ? ports : [];

    /// <summary>The groups that <paramref name="port"/> is in.</summary>
    public IpAddress[] Of(BoundPort port) =>
        Count == 0 ? [] : [.. _members.Where(entry => entry.Value.Contains(port)).Select(entry => entry.Key)];

    public void Add(BoundPort port, IpAddress group)
    {
        _members[group] = [.. Of(group), port];
        Count++;
    }

    /// <summary>Takes the port out of the group; false when it is not in it.</summary>
    public bool Remove(BoundPort port, IpAddress group)
    {
        var before = Of(group);
        if (!before.Contains(port))
            return false;
        Count--;
        if (before.Length == 1)
            _members.Remove(group);
        else
            _members[group] = [.. before.Where(other => other != port)];
        return true;
    }
}
