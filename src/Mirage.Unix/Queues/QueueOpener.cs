using System.Buffers.Binary;
using LanguageExt;

namespace Mirage.Unix;

/// <summary>Opens one queue of a TAP that has several; all of them are opened at once, before any frame
/// comes.</summary>
internal static class QueueOpener
{
    private const string OneQueue = "leave --queues out";

    public static Either<ConnectError, Link> Open(UnixHost host, LinkSettings settings, Func<MacAddress> randomMac)
    {
        if (host.Crew is not { } crew)
            return new ConnectError($"{settings.Name}: several queues need Unix.Run", OneQueue);
        return crew.Queues(settings.Name, settings.Queues, () => OpenAll(host, settings, randomMac))
            .Bind(group => Attach(host, settings.Name, group));
    }

    private static Either<ConnectError, Link> Attach(UnixHost host, string name, QueueGroup group)
    {
        if (group.Take(host.Queue) is not { } device)
            return new ConnectError($"{name}: has no queue {host.Queue}", "give every interface as many queues");
        try
        {
            return new DescriptorLink(host, device, group.Mac, group);
        }
        catch (IOException error)
        {
            _ = Libc.Close(device.Descriptor);
            return new ConnectError($"{name}: {error.Message}", OneQueue);
        }
    }

    private static Either<ConnectError, QueueGroup> OpenAll(
        UnixHost host, LinkSettings settings, Func<MacAddress> randomMac)
    {
        var devices = new List<FrameDescriptor>();
        ConnectError? failure = null;
        while (devices.Count < settings.Queues && failure is null)
        {
            TapOpener.Open(settings.Name, settings.UsesOffload, isMultiQueue: true)
                .Match(Right: devices.Add, Left: error => failure = error);
        }

        if (failure is null && !QueueSteering.TryAttach(devices[0].Descriptor, Key(host)))
            failure = new ConnectError(
                $"{settings.Name}: the kernel takes no program that steers flows to queues",
                $"run as root on Linux 4.16 or later, or {OneQueue}");
        if (failure is null)
            return new QueueGroup(settings.Mac.IfNone(randomMac), devices);
        foreach (var device in devices)
            _ = Libc.Close(device.Descriptor);
        return failure;
    }

    private static uint Key(UnixHost host)
    {
        Span<byte> key = stackalloc byte[sizeof(uint)];
        host.FillRandom(key);
        return BinaryPrimitives.ReadUInt32LittleEndian(key);
    }
}
