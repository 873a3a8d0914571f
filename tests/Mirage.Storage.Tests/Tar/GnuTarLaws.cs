using System.Formats.Tar;
using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>An archive in GNU's format, on large sectors.</summary>
public sealed class GnuTarLaws : KvRoLaws<Tar<SimBlock>>
{
    protected override IReadOnlyDictionary<KvKey, byte[]> Content => KvSamples.Content;

    protected override Host CreateHost(ulong seed)
    {
        var host = new SimHost(seed);
        host.Attach("", Disks.Of(4096, TarSamples.Archive(TarEntryFormat.Gnu, Content)));
        return host;
    }
}
