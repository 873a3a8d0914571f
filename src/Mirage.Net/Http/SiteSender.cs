using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Text;

namespace Mirage.Net;

/// <summary>Sends values and parts of them, a bounded piece at a time: a slow client holds one piece in memory,
/// however large the value.</summary>
internal sealed class SiteSender<TKv>(TKv kv, Host host) where TKv : struct, IKvRo<TKv>
{
    /// <summary>Bytes that are read from the store and written at once.</summary>
    public const int PieceBytes = 64 * 1024;

    /// <summary>Sends the whole value.</summary>
    public async ValueTask SendWhole(SiteResource resource, HttpRequest request, HttpResponse response)
    {
        if (request.Verb is HttpVerb.Head || resource.Size > PieceBytes)
        {
            var writer = response.Start(resource.Size);
            if (request.Verb is not HttpVerb.Head)
                await Write(resource, new(0, resource.Size), writer);
            return;
        }

        var piece = await Read(resource, 0, (int)resource.Size);
        await response.Send(piece.Span);
    }

    /// <summary>Sends one part, RFC 9110 section 15.3.7.1.</summary>
    public async ValueTask SendPart(SiteResource resource, ByteRange range, HttpResponse response)
    {
        response.Status = HttpStatusCode.PartialContent;
        response.AddHeader("Content-Type"u8, resource.ContentType);
        response.AddHeader("Content-Range"u8, ContentRange(resource, range));
        await Write(resource, range, response.Start(range.Length));
    }

    /// <summary>Sends several parts, RFC 9110 sections 14.6 and 15.3.7.2.</summary>
    public async ValueTask SendParts(SiteResource resource, ByteRange[] ranges, HttpResponse response)
    {
        var boundary = NewBoundary();
        var heads = Array.ConvertAll(ranges, range => PartHead(resource, range, boundary));
        var end = Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n");
        response.Status = HttpStatusCode.PartialContent;
        response.AddHeader("Content-Type"u8, Encoding.ASCII.GetBytes($"multipart/byteranges; boundary={boundary}"));

        var framing = heads.Sum(static head => (long)head.Length) + end.Length;
        var writer = response.Start(framing + ranges.Sum(static range => range.Length));
        for (var index = 0; index < ranges.Length; index++)
        {
            writer.Write(heads[index]);
            await Write(resource, ranges[index], writer);
        }

        writer.Write(end);
    }

    /// <summary>The value of Content-Range that says what 416 answers, RFC 9110 section 14.4.</summary>
    public static byte[] UnsatisfiedRange(SiteResource resource) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"bytes */{resource.Size}"));

    private async ValueTask Write(SiteResource resource, ByteRange range, PipeWriter writer)
    {
        for (var sent = 0L; sent < range.Length;)
        {
            var piece = await Read(resource, range.First + sent, (int)Math.Min(PieceBytes, range.Length - sent));
            writer.Write(piece.Span);
            sent += piece.Length;
            await writer.FlushAsync();
        }
    }

    // The head promised the size: a value that shrinks or fails meanwhile breaks the connection, so that the client
    // knows.
    private async ValueTask<ReadOnlyMemory<byte>> Read(SiteResource resource, long offset, int length)
    {
        if (!(await TKv.GetPartial(kv, resource.Key, offset, length)).TryGet(out var piece, out var error))
            throw new IOException(error.ToString());
        return piece.Length == length
            ? piece
            : throw new IOException($"{resource.Key} changed while it was being sent");
    }

    private static byte[] ContentRange(SiteResource resource, ByteRange range) =>
        Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"bytes {range.First}-{range.Last}/{resource.Size}"));

    private static byte[] PartHead(SiteResource resource, ByteRange range, string boundary) =>
    [
        .. Encoding.ASCII.GetBytes($"\r\n--{boundary}\r\nContent-Type: "), .. resource.ContentType,
        .. "\r\nContent-Range: "u8, .. ContentRange(resource, range), .. "\r\n\r\n"u8,
    ];

    // A boundary that nobody can foresee is not in the content, but for chance: RFC 2046 section 5.1.1.
    private string NewBoundary()
    {
        Span<byte> random = stackalloc byte[16];
        host.FillRandom(random);
        return Convert.ToHexStringLower(random);
    }
}
