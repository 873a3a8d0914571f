using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using static Mirage.Impl;

namespace Mirage.Net;

/// <summary>A static site over any store: MirageOS's <c>Static.HTTP</c>, with conditional and range requests, RFC 9110
/// sections 13 and 14.</summary>
/// <remarks>
/// A directory is answered by its <c>index.html</c>, and redirected to the name with a slash. What is not there is
/// answered by the store's <c>404.html</c>, if it has one. The entity tag is the store's digest. Values are sent piece
/// by piece.</remarks>
/// <typeparam name="TKv">The store.</typeparam>
public readonly struct Site<TKv> : IDevice<Site<TKv>>, IHttpHandler where TKv : struct, IKvRo<TKv>
{
    private readonly Core _core;

    private Site(Core core) => _core = core;

    /// <inheritdoc/>
    public static Impl<Site<TKv>> Impl => (Of<TKv>(), BootHost).Apply(static (kv, host) => Over(kv, host));

    /// <inheritdoc/>
    public static string Group => TKv.Group;

    /// <inheritdoc/>
    public ValueTask Handle(HttpRequest request, HttpResponse response) => _core.Handle(request, response);

    /// <summary>The site of a store that is connected already.</summary>
    internal static Site<TKv> Over(TKv kv, Host host) => new(new Core(kv, host));

    private sealed class Core(TKv kv, Host host)
    {
        private const string Index = "index.html";
        private static readonly KvKey s_notFound = KvKey.Root / "404.html";
        private readonly SiteCatalog<TKv> _catalog = new(kv, host.Loop);
        private readonly SiteSender<TKv> _sender = new(kv, host);
        private readonly ILogger _log = host.Logs.CreateLogger(HttpLog.Source);

        public ValueTask Handle(HttpRequest request, HttpResponse response)
        {
            if (request.Verb is not (HttpVerb.Get or HttpVerb.Head))
                return RefuseMethod(request, response);

            var refusal = SitePath.Parse(request.Path, out var key, out var isDirectory);
            return refusal switch
            {
                0 => Answer(key, isDirectory, request, response),
                HttpStatusCode.NotFound => SendNotFound(request, response),
                _ => SendPage(refusal, response),
            };
        }

        private async ValueTask Answer(KvKey key, bool isDirectory, HttpRequest request, HttpResponse response)
        {
            // One look says whether it is a value: its size. A value has nothing below it, so that its name with a
            // slash is not found.
            if ((await _catalog.Find(isDirectory ? key / Index : key)).TryGet(out var resource, out var error))
                await Send(resource, request, response);
            else if (error is KvError.ValueExpected && !isDirectory)
                await Redirect(request, response);
            else
                await SendError(error, request, response);
        }

        private ValueTask Send(SiteResource resource, HttpRequest request, HttpResponse response)
        {
            AddValidators(resource, response);
            var conditional = new HttpConditional(resource.Tag, resource.Modified, host.Loop.UtcNow);
            var status = conditional.Evaluate(request);
            if (status is HttpStatusCode.NotModified)
            {
                response.Status = status;
                return response.Send(default);
            }

            if (status is not 0)
                return SendPage(status, response);

            // RFC 9110 section 14.2: the field means something for GET only.
            if (request.Verb is HttpVerb.Get && request.TryGetHeader("Range"u8, out var value)
                && conditional.AllowsRange(request))
            {
                Span<ByteRange> ranges = stackalloc ByteRange[ByteRanges.Max];
                var outcome = ByteRanges.Parse(value, resource.Size, ranges, out var count);
                if (outcome is not ByteRanges.Outcome.Ignored)
                    return SendRanges(resource, ranges[..count], response);
            }

            response.AddHeader("Content-Type"u8, resource.ContentType);
            return _sender.SendWhole(resource, request, response);
        }

        private ValueTask SendRanges(SiteResource resource, ReadOnlySpan<ByteRange> ranges, HttpResponse response)
        {
            if (ranges.Length == 1)
                return _sender.SendPart(resource, ranges[0], response);
            if (ranges.Length > 1)
                return _sender.SendParts(resource, ranges.ToArray(), response);
            response.AddHeader("Content-Range"u8, SiteSender<TKv>.UnsatisfiedRange(resource));
            return SendPage(HttpStatusCode.RequestedRangeNotSatisfiable, response);
        }

        private static void AddValidators(SiteResource resource, HttpResponse response)
        {
            Span<byte> modified = stackalloc byte[HttpDate.Size];
            HttpDate.Format(resource.Modified, modified);
            response.AddHeader("ETag"u8, resource.Tag);
            response.AddHeader("Last-Modified"u8, modified);
            response.AddHeader("Accept-Ranges"u8, "bytes"u8);
            response.AddHeader("X-Content-Type-Options"u8, "nosniff"u8);
        }

        private static ValueTask Redirect(HttpRequest request, HttpResponse response)
        {
            byte[] location = request.Query.IsEmpty
                ? [.. request.Path, (byte)'/']
                : [.. request.Path, .. "/?"u8, .. request.Query];
            response.AddHeader("Location"u8, location);
            return SendPage(HttpStatusCode.MovedPermanently, response);
        }

        private static ValueTask RefuseMethod(HttpRequest request, HttpResponse response)
        {
            // RFC 9110 sections 15.5.6 and 15.6.2: a method that is known and not allowed, and one that is not known.
            response.AddHeader("Allow"u8, "GET, HEAD, OPTIONS"u8);
            if (request.Verb is HttpVerb.Other)
                return SendPage(HttpStatusCode.NotImplemented, response);
            if (request.Verb is not HttpVerb.Options)
                return SendPage(HttpStatusCode.MethodNotAllowed, response);
            response.Status = HttpStatusCode.NoContent;
            return response.Send(default);
        }

        private ValueTask SendError(KvError error, HttpRequest request, HttpResponse response)
        {
            if (error is KvError.NotFound or KvError.DictionaryExpected or KvError.ValueExpected)
                return SendNotFound(request, response);
            HttpLog.StoreFailed(_log, request.ToString(), error.ToString());
            return SendPage(HttpStatusCode.InternalServerError, response);
        }

        private async ValueTask SendNotFound(HttpRequest request, HttpResponse response)
        {
            if (!(await _catalog.Find(s_notFound)).TryGet(out var page, out _))
            {
                await SendPage(HttpStatusCode.NotFound, response);
                return;
            }

            response.Status = HttpStatusCode.NotFound;
            response.AddHeader("Content-Type"u8, page.ContentType);
            await _sender.SendWhole(page, request, response);
        }

        private static ValueTask SendPage(HttpStatusCode status, HttpResponse response)
        {
            var title = $"{(int)status} {Encoding.ASCII.GetString(HttpReason.Of(status))}";
            response.Status = status;
            response.AddHeader("Content-Type"u8, "text/html; charset=utf-8"u8);
            return response.Send(
                Encoding.ASCII.GetBytes($"<!doctype html>\n<title>{title}</title>\n<h1>{title}</h1>\n"));
        }
    }
}
