using System.Formats.Tar;
using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>A pax archive of the framework.</summary>
public sealed class TarLaws : KvRoLaws<Tar<SimBlock>>
{
    protected override IReadOnlyDictionary<KvKey, byte[]> Content => KvSamples.Content;

    protected override Host CreateHost(ulong seed)
    {
        var host = new SimHost(seed);
        host.Attach("", Disks.Of(512, TarSamples.Archive(TarEntryFormat.Pax, Content)));
        return host;
    }
}
