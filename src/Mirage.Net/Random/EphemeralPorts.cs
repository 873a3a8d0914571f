namespace Mirage.Net;

/// <summary>The choice of a port by TCP and UDP, <see href="https://www.rfc-editor.org/rfc/rfc6056">RFC 6056</see>
/// section 3.3.1: from a random start on, the first one that is free.</summary>
internal static class EphemeralPorts
{
    /// <summary>The first port that the stack chooses; below it are ports of well-known services.</summary>
    public const ushort First = 32_768;

    /// <summary>Ports that the stack chooses from.</summary>
    public const int Count = 65_536 - First;

    /// <summary>A port that <paramref name="isFree"/> says yes to and whose answers come on this queue of
    /// <paramref name="link"/>; false when there is none.</summary>
    public static bool TryChoose(
        RandomSource random, in NetworkInfo link, Func<ushort, bool> isFree, out ushort port)
    {
        var start = random.Below(Count);
        for (var offset = 0; offset < Count; offset++)
        {
            port = (ushort)(First + ((start + offset) % Count));
            if (link.IsOwnPort(port) && isFree(port))
                return true;
        }

        port = 0;
        return false;
    }
}
