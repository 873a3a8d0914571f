using System.Net;

namespace Mirage.Net;

/// <summary>Conditional requests, RFC 9110 section 13, on a representation that exists.</summary>
/// <param name="tag">Its strong entity tag with the quotes.</param>
/// <param name="modified">When it was changed, in whole seconds.</param>
/// <param name="now">The time of day.</param>
internal readonly ref struct HttpConditional(ReadOnlySpan<byte> tag, DateTimeOffset modified, DateTimeOffset now)
{
    private readonly ReadOnlySpan<byte> _tag = tag;

    /// <summary>The status that answers without doing what was asked: 304 or 412; or 0. RFC 9110 section 13.2.2 gives
    /// the order.</summary>
    public HttpStatusCode Evaluate(HttpRequest request)
    {
        var isRead = request.Verb is HttpVerb.Get or HttpVerb.Head;
        if (request.FindHeader("If-Match"u8, 0) >= 0)
        {
            if (!Matches(request, "If-Match"u8, strong: true))
                return HttpStatusCode.PreconditionFailed;
        }
        else if (TryGetDate(request, "If-Unmodified-Since"u8, out var unmodifiedSince) && modified > unmodifiedSince)
        {
            return HttpStatusCode.PreconditionFailed;
        }

        if (request.FindHeader("If-None-Match"u8, 0) >= 0)
        {
            if (Matches(request, "If-None-Match"u8, strong: false))
                return isRead ? HttpStatusCode.NotModified : HttpStatusCode.PreconditionFailed;
        }
        else if (isRead && TryGetDate(request, "If-Modified-Since"u8, out var modifiedSince)
            && modified <= modifiedSince)
        {
            return HttpStatusCode.NotModified;
        }

        return 0;
    }

    /// <summary>Whether a Range field applies, RFC 9110 section 13.1.5: the client's part is of this very
    /// representation.</summary>
    public bool AllowsRange(HttpRequest request)
    {
        if (!request.TryGetHeader("If-Range"u8, out var value))
            return true;
        if (value.StartsWith("\""u8) || value.StartsWith("W/"u8))
            return value.SequenceEqual(_tag); // A weak tag never equals a strong one.

        // A date is a strong validator only when the representation cannot have changed twice in its second: section
        // 8.8.2.2.
        return HttpDate.TryParse(value, now, out var date) && date == modified
            && now - modified >= TimeSpan.FromSeconds(1);
    }

    private bool Matches(HttpRequest request, ReadOnlySpan<byte> name, bool strong)
    {
        for (var index = request.FindHeader(name, 0); index >= 0; index = request.FindHeader(name, index + 1))
        {
            var value = request.HeaderValue(index);
            if (value.SequenceEqual("*"u8) || EntityTags.Contains(value, _tag, strong))
                return true;
        }

        return false;
    }

    // A date that cannot be read, and a field that is there twice, are ignored: RFC 9110 sections 13.1.3 and 13.1.4.
    private bool TryGetDate(HttpRequest request, ReadOnlySpan<byte> name, out DateTimeOffset date)
    {
        date = default;
        var index = request.FindHeader(name, 0);
        return index >= 0 && request.FindHeader(name, index + 1) < 0
            && HttpDate.TryParse(request.HeaderValue(index), now, out date);
    }
}
