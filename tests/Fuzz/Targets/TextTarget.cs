using System.Text;
using Mirage.Testing;

namespace Mirage.Fuzz;

/// <summary>A text form: any text is read or refused, and what is read is written as it is read again.</summary>
internal sealed class TextTarget<T>(string name, KeyConverter<T> converter, params string[] samples) : FuzzTarget(name)
{
    public override IReadOnlyList<string> Reaches => ["accepted", "refused"];

    public override byte[] Generate(SplitMix64 random) => Encoding.UTF8.GetBytes(samples[random.Next(samples.Length)]);

    public override void Run(ReadOnlySpan<byte> input)
    {
        var isRead = converter.TryParse(Encoding.UTF8.GetString(input), out var value);
        Reach(isRead ? "accepted" : "refused");
        if (!isRead)
            return;
        var text = converter.Print(value!);
        Oracle.That(converter.TryParse(text, out var again), $"What is written is read: '{text}'.");
        Oracle.Same(text, converter.Print(again!), "What is read again is written as before.");
        // Those have no equality of their own.
        if (value is not (System.Collections.IEnumerable or LogFilter or FaultPlan))
            Oracle.Same(value, again, $"What is written is read as the same value: '{text}'.");
    }
}
