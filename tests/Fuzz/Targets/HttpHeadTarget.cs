using System.Buffers;
using System.Text;
using Mirage.Net;
using Mirage.Net.Tests;
using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>The head of a request: where it ends does not depend on how it is split, and what is accepted is accepted
/// again as it is written from its parts.</summary>
internal sealed class HttpHeadTarget() : FuzzTarget("http-head")
{
    public override int ShortRun => 400;

    public override IReadOnlyList<string> Reaches => ["accepted", "refused"];

    // The pieces that it is split into are chains of small segments.
    public override long AllocationMax(int length) => (4 << 20) + (8192L * length);

    public override byte[] Generate(SplitMix64 random) => Encoding.Latin1.GetBytes(HttpTexts.Request(random));

    public override void Run(ReadOnlySpan<byte> input)
    {
        var options = HttpOptions.Default;
        var whole = new ReadOnlySequence<byte>(input.ToArray());
        var scanner = new HttpHeadScanner();
        var refusal = scanner.Scan(whole, options);
        CheckSplit(input, options, refusal, scanner);
        new HttpRequestHead().Parse(whole); // Bytes that no scanner has seen are no danger either.
        if (refusal is not 0 || scanner.End == 0)
            return;
        Oracle.That(scanner.Start < scanner.End && scanner.End <= input.Length, "A head lies in the bytes.");
        var head = new HttpRequestHead();
        var isAccepted = head.Parse(whole.Slice(scanner.Start, scanner.End - scanner.Start)) is 0;
        Reach(isAccepted ? "accepted" : "refused");
        if (isAccepted)
            Check(head);
    }

    private static void CheckSplit(
        ReadOnlySpan<byte> input, HttpOptions options, System.Net.HttpStatusCode expected, HttpHeadScanner whole)
    {
        var piece = 1 + (input.Length / 32) + (input.Length > 0 ? input[0] % 7 : 0);
        var scanner = new HttpHeadScanner();
        for (var length = Math.Min(piece, input.Length); ; length = Math.Min(length + piece, input.Length))
        {
            var refusal = scanner.Scan(Segments.Of(input[..length], 3), options);
            if (refusal is 0 && scanner.End == 0 && length < input.Length)
                continue;
            Oracle.Same((expected, whole.Start, whole.End), (refusal, scanner.Start, scanner.End),
                "How a head is split changes nothing.");
            return;
        }
    }

    private static void Check(HttpRequestHead head)
    {
        var text = new StringBuilder();
        text.Append(Text(head.Method)).Append(' ').Append(Text(head.Target));
        text.Append(" HTTP/1.").Append(head.MinorVersion);
        for (var index = 0; index < head.Fields.Count; index++)
        {
            Oracle.That(HttpChars.IsToken(head.Fields.Name(index)), "The name of a field is a token.");
            Oracle.That(HttpChars.IsFieldValue(head.Fields.Value(index)), "The value of a field has no control.");
            text.Append("\r\n").Append(Text(head.Fields.Name(index)));
            text.Append(':').Append(Text(head.Fields.Value(index)));
        }

        text.Append("\r\n\r\n");
        Oracle.That(head.Path.IsEmpty || head.Path[0] is (byte)'/' or (byte)'*', "A path begins with a slash.");
        var again = new HttpRequestHead();
        var refusal = again.Parse(new(Encoding.Latin1.GetBytes(text.ToString())));
        Oracle.Same((System.Net.HttpStatusCode)0, refusal, "What is written from its parts is accepted.");
        Oracle.Same((head.Verb, head.MinorVersion, head.Framing), (again.Verb, again.MinorVersion, again.Framing),
            "What is written from its parts is the same request.");
        Oracle.SameBytes(head.Host, again.Host, "What is written from its parts is for the same host.");
        Oracle.SameBytes(head.Path, again.Path, "What is written from its parts has the same path.");
        Oracle.SameBytes(head.Query, again.Query, "What is written from its parts has the same query.");
        Oracle.Same(head.Fields.Count, again.Fields.Count, "What is written from its parts has the same fields.");
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
