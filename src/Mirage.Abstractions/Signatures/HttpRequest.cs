using System.IO.Pipelines;
using System.Text;

namespace Mirage;

/// <summary>A request whose head is complete and well formed. Valid until its handler is done; spans point into memory
/// of the connection.</summary>
public abstract class HttpRequest
{
    /// <summary>The method, if it is one of the usual ones.</summary>
    public abstract HttpVerb Verb { get; }

    /// <summary>The method as sent.</summary>
    public abstract ReadOnlySpan<byte> Method { get; }

    /// <summary>The request target as sent: visible ASCII without <c>#</c>.</summary>
    public abstract ReadOnlySpan<byte> Target { get; }

    /// <summary>The path of the target, not decoded: it begins with a slash, or is <c>*</c> for OPTIONS of the whole
    /// server.</summary>
    public abstract ReadOnlySpan<byte> Path { get; }

    /// <summary>What follows the question mark; empty when there is none.</summary>
    public abstract ReadOnlySpan<byte> Query { get; }

    /// <summary>The authority of the target or else the Host field, RFC 9112 section 3.3; empty for an HTTP/1.0 client
    /// that sends none.</summary>
    public abstract ReadOnlySpan<byte> Host { get; }

    /// <summary>The minor version of HTTP/1 that the client speaks: 0, or 1 and more.</summary>
    public abstract int MinorVersion { get; }

    /// <summary>Header fields, in the order sent.</summary>
    public abstract int HeaderCount { get; }

    /// <summary>Bytes of the content; 0 without content, null when they are not known beforehand.</summary>
    public abstract long? ContentLength { get; }

    /// <summary>
    /// The content, without its framing. What is not consumed slows the client down. Reading throws
    /// <see cref="HttpBodyException"/> when the client does not keep to the rules and <see cref="FlowException"/> when
    /// the connection breaks.</summary>
    public abstract PipeReader Body { get; }

    /// <summary>Trailer fields: known once the content was read to its end.</summary>
    public abstract int TrailerCount { get; }

    /// <summary>The server's end.</summary>
    public abstract Endpoint Local { get; }

    /// <summary>The client's end.</summary>
    public abstract Endpoint Remote { get; }

    /// <summary>Cancelled when the connection is given up while the request is being handled.</summary>
    public abstract CancellationToken Aborted { get; }

    /// <summary>The name of a header field, a token in the client's case.</summary>
    public abstract ReadOnlySpan<byte> HeaderName(int index);

    /// <summary>The value of a header field without the white space around it.</summary>
    public abstract ReadOnlySpan<byte> HeaderValue(int index);

    /// <summary>The name of a trailer field.</summary>
    public abstract ReadOnlySpan<byte> TrailerName(int index);

    /// <summary>The value of a trailer field.</summary>
    public abstract ReadOnlySpan<byte> TrailerValue(int index);

    /// <summary>The value of the first header field of that name, whatever its case.</summary>
    public bool TryGetHeader(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var index = FindHeader(name, 0);
        value = index < 0 ? default : HeaderValue(index);
        return index >= 0;
    }

    /// <summary>The position of the next header field of that name from <paramref name="start"/> on, or -1. A list may
    /// be spread over several.</summary>
    public int FindHeader(ReadOnlySpan<byte> name, int start)
    {
        for (var index = start; index < HeaderCount; index++)
        {
            if (Ascii.EqualsIgnoreCase(HeaderName(index), name))
                return index;
        }

        return -1;
    }

    /// <summary>The request line without the version, for logs.</summary>
    public override string ToString() => $"{Encoding.ASCII.GetString(Method)} {Encoding.ASCII.GetString(Target)}";
}
