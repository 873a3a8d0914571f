namespace Mirage.Storage;

/// <summary>An entry of an archive, with all that was said of it.</summary>
/// <param name="Path">Its path as it stands there; null, or with a NUL in it, when it is no text.</param>
/// <param name="Type">What it is.</param>
/// <param name="LinkPath">What a link leads to.</param>
/// <param name="Offset">The byte of the device at which its contents begin.</param>
/// <param name="Size">Bytes of its contents, all of which are on the device.</param>
/// <param name="Modified">When it was changed.</param>
/// <param name="IsSparse">Whether its contents are in pieces.</param>
internal readonly record struct TarEntry(string? Path, TarType Type, string? LinkPath, long Offset, long Size,
    DateTimeOffset Modified, bool IsSparse);
