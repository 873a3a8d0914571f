using System.Text;
using Mirage.Net;
using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>Field lines, as a head and a trailer section have them.</summary>
internal sealed class HttpFieldsTarget() : FuzzTarget("http-fields")
{
    public override IReadOnlyList<string> Reaches => ["accepted", "refused"];

    public override byte[] Generate(SplitMix64 random)
    {
        var head = HttpTexts.Head(random, isPlain: true);
        return Encoding.Latin1.GetBytes(head[(head.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        var fields = new HttpFields();
        fields.Append(input);
        var isAccepted = fields.Parse(0) is 0;
        Reach(isAccepted ? "accepted" : "refused");
        if (!isAccepted)
            return;
        var text = new StringBuilder();
        for (var index = 0; index < fields.Count; index++)
        {
            var (start, length) = fields.ValueRange(index);
            Oracle.SameBytes(input.Slice(start, length), fields.Value(index), "A value lies where it is said to lie.");
            Oracle.That(HttpChars.IsToken(fields.Name(index)), "The name of a field is a token.");
            var value = Encoding.Latin1.GetString(fields.Value(index));
            Oracle.That(value.AsSpan().IndexOfAny("\r\n\0") < 0, "A value splits no message.");
            text.Append(Encoding.Latin1.GetString(fields.Name(index))).Append(':').Append(value).Append("\r\n");
        }

        var again = new HttpFields();
        again.Append(Encoding.Latin1.GetBytes(text.Append("\r\n").ToString()));
        Oracle.Same((System.Net.HttpStatusCode)0, again.Parse(0), "What is written again is read.");
        Oracle.Same(fields.Count, again.Count, "What is written again has the same fields.");
    }
}
