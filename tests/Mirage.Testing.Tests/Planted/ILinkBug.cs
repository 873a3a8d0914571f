using Mirage.Net;

namespace Mirage.Testing.Tests;

/// <summary>What a planted link does with a frame.</summary>
public interface ILinkBug
{
    static virtual WriteStatus Write(PlantedLinkCore core, ref TransmitFrame frame) =>
        VirtualPort.Write(core.Port, ref frame);

    static virtual NetworkCounters Counters(PlantedLinkCore core) => VirtualPort.Counters(core.Port);

    static virtual ValueTask Disconnect(PlantedLinkCore core) => VirtualPort.Disconnect(core.Port);
}
