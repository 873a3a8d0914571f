using System.Numerics;
using System.Runtime.CompilerServices;

namespace Mirage.Unix;

/// <summary>The addresses of the machine that the process runs on, getifaddrs(3).</summary>
internal static unsafe class MachineAddresses
{
    /// <summary>Every address with its network, or those of one address. An address that no interface has stands
    /// alone.</summary>
    public static IReadOnlyList<Cidr> Of(IpAddress listen)
    {
        Libc.InterfaceAddress* first;
        if (Libc.GetInterfaceAddresses(&first) != 0)
            return [new(listen, listen.Size * 8)];

        var found = new List<Cidr>();
        for (var entry = first; entry is not null; entry = entry->Next)
        {
            if (TryRead(entry, out var cidr) && (listen == cidr.Address || (listen.IsUnspecified
                && IsOfFamily(listen, cidr.Address))))
                found.Add(cidr);
        }

        Libc.FreeInterfaceAddresses(first);
        return found.Count > 0 ? found : [new(listen, listen.Size * 8)];
    }

    // The wildcard of IPv6 stands for both families.
    private static bool IsOfFamily(IpAddress wildcard, IpAddress address) => address.IsV4 || !wildcard.IsV4;

    private static bool TryRead(Libc.InterfaceAddress* entry, out Cidr cidr)
    {
        cidr = default;
        if (entry->Address is null || entry->Mask is null)
            return false;

        switch (Unsafe.ReadUnaligned<ushort>(entry->Address))
        {
            case Libc.FamilyInet:
                var lengthV4 = BitOperations.PopCount(Unsafe.ReadUnaligned<uint>(entry->Mask + 4));
                cidr = new(SocketName.Read(new(entry->Address, SocketName.LengthV4)).Address, lengthV4);
                return true;
            case Libc.FamilyInet6:
                var length = BitOperations.PopCount(Unsafe.ReadUnaligned<ulong>(entry->Mask + 8))
                    + BitOperations.PopCount(Unsafe.ReadUnaligned<ulong>(entry->Mask + 16));
                cidr = new(SocketName.Read(new(entry->Address, SocketName.LengthMax)).Address, length);
                return true;
            default:
                return false;
        }
    }
}
