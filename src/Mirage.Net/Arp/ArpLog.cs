using Microsoft.Extensions.Logging;

namespace Mirage.Net;

/// <summary>What ARP has to say.</summary>
internal static class ArpLog
{
    private static readonly Action<ILogger, IpAddress, MacAddress, MacAddress, Exception?> s_conflict =
        LoggerMessage.Define<IpAddress, MacAddress, MacAddress>(LogLevel.Warning, new(1, nameof(Conflict)),
            "{Ip} is claimed by {Claimant}; it was held by {Holder}");

    public static void Conflict(ILogger log, in ArpConflict conflict) =>
        s_conflict(log, conflict.Ip, conflict.Claimant, conflict.Holder, null);
}
