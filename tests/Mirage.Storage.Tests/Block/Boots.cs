using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>Devices that are connected on a disk.</summary>
internal static class Boots
{
    /// <summary>The device on <paramref name="disk"/>.</summary>
    /// <exception cref="InvalidOperationException">It is not connected; the message says why.</exception>
    public static T Connect<T>(SimDisk disk, params string[] arguments) where T : struct, IDevice<T>
    {
        var host = new SimHost(1);
        host.Attach("", disk);
        T device = default;
        var reason = "";
        host.Run(async () => (await Boot.Connect<T>(host, arguments)).Match(
            Right: connected => device = connected.Device,
            Left: error => reason = error.Reason));
        return reason.Length == 0 ? device : throw new InvalidOperationException(reason);
    }

    /// <summary>Why the device is not connected on <paramref name="disk"/>; null when it is.</summary>
    public static string? Refusal<T>(SimDisk disk, params string[] arguments) where T : struct, IDevice<T>
    {
        try
        {
            _ = Connect<T>(disk, arguments);
            return null;
        }
        catch (InvalidOperationException refusal)
        {
            return refusal.Message;
        }
    }
}
