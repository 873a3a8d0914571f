using System.Runtime.CompilerServices;
using Mirage.Testing;

namespace Mirage.Storage.Tests;

/// <summary>The files that this assembly embeds, as a store.</summary>
public sealed class CrunchLaws : KvRoLaws<Crunch<CrunchLaws.Files>>
{
    protected override IReadOnlyDictionary<KvKey, byte[]> Content =>
        Directory.GetFiles(Folder(), "*", SearchOption.AllDirectories).ToDictionary(
            static path => KvKey.Parse(Path.GetRelativePath(Folder(), path)), File.ReadAllBytes);

    private static string Folder([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "files");

    public readonly struct Files : ICrunch;
}
