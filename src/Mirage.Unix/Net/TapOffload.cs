namespace Mirage.Unix;

/// <summary>Finds out what the kernel behind a TAP takes and gives, tun(4): it has no list to read, so each offer is
/// tried.</summary>
internal static class TapOffload
{
    /// <summary>Says what may be handed up merged and unsummed, as much as this kernel knows, and gives what may be
    /// left to it.</summary>
    public static LinkOffload Negotiate(int descriptor)
    {
        const int Checksum = Libc.TunOffloadChecksum;
        const int Tcp = Checksum | Libc.TunOffloadTcp4 | Libc.TunOffloadTcp6;
        const int Udp = Libc.TunOffloadUdp4 | Libc.TunOffloadUdp6; // Linux 6.2 and later: either all of it or nothing.
        if (Libc.Control(descriptor, Libc.TunSetOffload, Tcp | Libc.TunOffloadEcn | Udp) == 0)
            return LinkOffload.Udp;

        ReadOnlySpan<int> offers = [Tcp | Libc.TunOffloadEcn, Tcp, Checksum];
        foreach (var offer in offers)
        {
            if (Libc.Control(descriptor, Libc.TunSetOffload, offer) == 0)
                break; // When every offer is refused, frames come whole and summed, and still go as they like.
        }

        return LinkOffload.Tcp;
    }

    /// <summary>Says that frames are to come whole and summed.</summary>
    public static LinkOffload Decline(int descriptor)
    {
        _ = Libc.Control(descriptor, Libc.TunSetOffload, 0);
        return LinkOffload.None;
    }
}
