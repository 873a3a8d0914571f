using LanguageExt;

namespace Mirage.Unix;

/// <summary>The key of stores in directories.</summary>
internal static class FilesKey
{
    private static readonly Key<string> s_directory = Key.Optional("files", KeyConverter.Text, "files",
        "The directory that holds the files.");

    /// <summary>The directory that the key names, opened to be written.</summary>
    public static Impl<DirectStore> WritableStore => (Impl.BootHost, s_directory).Apply(
        static (host, path) => new ValueTask<Either<ConnectError, DirectStore>>(
            DirectStore.Open(host.Loop, path))).Connect();

    /// <summary>The directory that the key names, opened.</summary>
    public static Impl<FileStore> Store =>
        s_directory.Map(static path => new ValueTask<Either<ConnectError, FileStore>>(FileStore.Open(path))).Connect();
}
