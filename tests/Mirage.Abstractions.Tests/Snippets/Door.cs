// Compiled for docs/functoria.md, which shows what is below the namespace.
using LanguageExt;
using static Mirage.Impl;

namespace Mirage.Tests.Snippets;

public readonly struct Door : IDevice<Door>
{
    private static readonly Key<TimeSpan> s_patience =
        Key.Optional("patience", TimeSpan.FromSeconds(5), "How long to wait at the door.");

    private readonly Host _host;

    private Door(Host host) => _host = host;

    public static Impl<Door> Impl => (BootHost, s_patience).Apply(Open).Connect();

    public static ValueTask Disconnect(Door device)
    {
        device._host.Out.WriteLine("The door is shut.");
        return ValueTask.CompletedTask;
    }

    private static async ValueTask<Either<ConnectError, Door>> Open(Host host, TimeSpan patience)
    {
        await Task.Delay(TimeSpan.FromSeconds(2), host.Time);
        return patience >= TimeSpan.FromSeconds(2)
            ? new Door(host)
            : new ConnectError("nobody came to the door", "give --patience=2s or more");
    }
}
