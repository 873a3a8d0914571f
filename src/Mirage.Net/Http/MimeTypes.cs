using System.Collections.Frozen;
using System.Text;

namespace Mirage.Net;

/// <summary>Media types by the extension of a name.</summary>
internal static class MimeTypes
{
    private const string Unknown = "application/octet-stream";

    private static readonly FrozenDictionary<string, byte[]> s_types = Create().ToFrozenDictionary(
        static entry => entry.Extension,
        static entry => Encoding.ASCII.GetBytes(entry.Type),
        StringComparer.OrdinalIgnoreCase);

    private static readonly byte[] s_unknown = Encoding.ASCII.GetBytes(Unknown);

    /// <summary>The type for <paramref name="name"/>; bytes of no known kind when the extension is not known.</summary>
    public static byte[] Of(string name)
    {
        var dot = name.LastIndexOf('.');
        return dot >= 0 && s_types.TryGetValue(name[(dot + 1)..], out var type) ? type : s_unknown;
    }

    private static (string Extension, string Type)[] Create() =>
    [
        ("html", "text/html; charset=utf-8"), ("htm", "text/html; charset=utf-8"), ("xhtml", "application/xhtml+xml"),
        ("css", "text/css; charset=utf-8"), ("js", "text/javascript; charset=utf-8"),
        ("mjs", "text/javascript; charset=utf-8"), ("json", "application/json"), ("map", "application/json"),
        ("jsonld", "application/ld+json"), ("webmanifest", "application/manifest+json"), ("wasm", "application/wasm"),
        ("txt", "text/plain; charset=utf-8"), ("md", "text/markdown; charset=utf-8"),
        ("csv", "text/csv; charset=utf-8"), ("xml", "application/xml"), ("atom", "application/atom+xml"),
        ("rss", "application/rss+xml"), ("ics", "text/calendar"), ("svg", "image/svg+xml"), ("png", "image/png"),
        ("jpg", "image/jpeg"), ("jpeg", "image/jpeg"), ("gif", "image/gif"), ("webp", "image/webp"),
        ("avif", "image/avif"), ("bmp", "image/bmp"), ("ico", "image/x-icon"), ("tif", "image/tiff"),
        ("tiff", "image/tiff"), ("woff", "font/woff"), ("woff2", "font/woff2"), ("ttf", "font/ttf"),
        ("otf", "font/otf"), ("mp3", "audio/mpeg"), ("ogg", "audio/ogg"), ("oga", "audio/ogg"),
        ("opus", "audio/opus"), ("wav", "audio/wav"), ("flac", "audio/flac"), ("m4a", "audio/mp4"),
        ("mp4", "video/mp4"), ("webm", "video/webm"), ("ogv", "video/ogg"), ("mov", "video/quicktime"),
        ("vtt", "text/vtt; charset=utf-8"), ("pdf", "application/pdf"), ("epub", "application/epub+zip"),
        ("rtf", "application/rtf"), ("zip", "application/zip"), ("gz", "application/gzip"),
        ("tar", "application/x-tar"), ("bz2", "application/x-bzip2"), ("xz", "application/x-xz"),
        ("zst", "application/zstd"), ("7z", "application/x-7z-compressed"),
    ];
}
