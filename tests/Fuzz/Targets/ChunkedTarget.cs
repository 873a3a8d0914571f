using System.Text;
using Mirage.Net;
using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>Chunked content: what comes out does not depend on how it is split, and is within the limit.</summary>
internal sealed class ChunkedTarget() : FuzzTarget("http-chunked")
{
    private const int BodyMax = 100, TrailerMax = 80;

    public override IReadOnlyList<string> Reaches => ["More", "Done", "Refused"];

    public override byte[] Generate(SplitMix64 random) =>
        Encoding.Latin1.GetBytes(HttpTexts.Chunked(random) + (random.Next(3) == 0 ? "GET / HTTP/1.1\r\n" : ""));

    public override void Run(ReadOnlySpan<byte> input)
    {
        var (data, trailer, outcome) = Decode(input, input.Length);
        Reach(outcome.Kind.ToString());
        for (var piece = 1; piece <= 4; piece++)
        {
            var (splitData, splitTrailer, splitOutcome) = Decode(input, piece);
            Oracle.Same(outcome, splitOutcome, "How content is split changes nothing.");
            if (outcome.Kind is ChunkedDecoder.Kind.Refused)
                continue; // Of what is refused there may be more or less.
            Oracle.SameBytes(data, splitData, "How content is split changes no byte.");
            Oracle.SameBytes(trailer, splitTrailer, "How trailers are split changes no byte.");
        }

        Oracle.That(data.Length <= BodyMax, "No more content than the limit comes out.");
        var isRefused = outcome.Kind is ChunkedDecoder.Kind.Refused;
        Oracle.That(trailer.Length <= TrailerMax + 2 || isRefused, "Trailers are limited.");
    }

    private static (byte[] Data, byte[] Trailer, (ChunkedDecoder.Kind Kind, int Refusal, int Left) Outcome) Decode(
        ReadOnlySpan<byte> input, int piece)
    {
        var decoder = new ChunkedDecoder(BodyMax, TrailerMax);
        var (data, trailer) = (new List<byte>(), new List<byte>());
        var (at, kind) = (0, ChunkedDecoder.Kind.More);
        while (at < input.Length && kind is not (ChunkedDecoder.Kind.Done or ChunkedDecoder.Kind.Refused))
        {
            var source = input.Slice(at, Math.Min(piece, input.Length - at));
            var length = source.Length;
            kind = decoder.Next(ref source, out var run);
            Oracle.That(source.Length < length || kind is ChunkedDecoder.Kind.Done or ChunkedDecoder.Kind.Refused,
                "Each call takes something.");
            at += length - source.Length;
            if (kind is ChunkedDecoder.Kind.Data)
                data.AddRange(run);
            else if (kind is ChunkedDecoder.Kind.Trailer)
                trailer.AddRange(run);
        }

        // The end is said by the call after the last byte.
        ReadOnlySpan<byte> none = [];
        var end = decoder.Next(ref none, out _);
        var rest = end is ChunkedDecoder.Kind.Done ? input.Length - at : 0;
        return ([.. data], [.. trailer], (end, (int)decoder.Refusal, rest));
    }
}
