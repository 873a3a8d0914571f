using static Mirage.Impl;

namespace Mirage.Tests;

/// <summary>A part whose name can be told from a description: its group is its tag.</summary>
internal readonly struct Named<TTag> : IDevice<Named<TTag>> where TTag : struct, ITag
{
    private readonly Host _host;

    private Named(Host host) => _host = host;

    public static Impl<Named<TTag>> Impl => BootHost.Map(static host =>
    {
        host.Out.WriteLine($"+{TTag.Name}");
        return new Named<TTag>(host);
    });

    public static string Group => TTag.Name.ToLowerInvariant();

    public static ValueTask Disconnect(Named<TTag> device)
    {
        device._host.Out.WriteLine($"-{TTag.Name}");
        return ValueTask.CompletedTask;
    }
}
