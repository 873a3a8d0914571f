using System.IO.Pipelines;

namespace Mirage.Net;

/// <summary>The request of a connection, used again for each.</summary>
internal sealed class ServerRequest(HttpTransport transport, ServerRequestBody body) : HttpRequest
{
    public HttpRequestHead Head { get; } = new();

    public override HttpVerb Verb => Head.Verb;

    public override ReadOnlySpan<byte> Method => Head.Method;

    public override ReadOnlySpan<byte> Target => Head.Target;

    public override ReadOnlySpan<byte> Path => Head.Path;

    public override ReadOnlySpan<byte> Query => Head.Query;

    public override ReadOnlySpan<byte> Host => Head.Host;

    public override int MinorVersion => Head.MinorVersion;

    public override int HeaderCount => Head.Fields.Count;

    public override long? ContentLength => Head.Framing.ContentLength;

    public override PipeReader Body => body;

    public override int TrailerCount => body.Trailers.Count;

    public override Endpoint Local => transport.Local;

    public override Endpoint Remote => transport.Remote;

    public override CancellationToken Aborted => transport.Aborted;

    public override ReadOnlySpan<byte> HeaderName(int index) => Head.Fields.Name(index);

    public override ReadOnlySpan<byte> HeaderValue(int index) => Head.Fields.Value(index);

    public override ReadOnlySpan<byte> TrailerName(int index) => body.Trailers.Name(index);

    public override ReadOnlySpan<byte> TrailerValue(int index) => body.Trailers.Value(index);
}
