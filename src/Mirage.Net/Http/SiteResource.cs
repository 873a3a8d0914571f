namespace Mirage.Net;

/// <summary>A value of a store as HTTP sees it.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">When it was set, in whole seconds.</param>
/// <param name="Tag">Its strong entity tag with the quotes, RFC 9110 section 8.8.3.</param>
internal sealed record SiteResource(KvKey Key, long Size, DateTimeOffset Modified, byte[] Tag)
{
    public byte[] ContentType => MimeTypes.Of(Key.Basename);
}
