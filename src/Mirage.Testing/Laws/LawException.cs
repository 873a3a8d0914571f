using System.Globalization;
using System.Text;

namespace Mirage.Testing;

/// <summary>A device broke a law: which one, by which operations, and how to see it again.</summary>
public sealed class LawException : Exception
{
    private const int ShownFirst = 10, ShownLast = 40;

    internal LawException(
        Law law, ulong seed, IReadOnlyList<string> operations, LawViolation violation, string history)
        : base(Describe(law, seed, operations, violation, history), violation.InnerException) =>
        (Law, Seed, Operations, Expected, Seen) = (law, seed, operations, violation.Expected, violation.Seen);

    /// <summary>The law.</summary>
    public Law Law { get; }

    /// <summary>What the case follows from, for <c>MIRAGE_REPLAY</c>.</summary>
    public ulong Seed { get; }

    /// <summary>The operations up to the one that failed, shrunk.</summary>
    public IReadOnlyList<string> Operations { get; }

    /// <summary>What the last of the operations should have given.</summary>
    public string Expected { get; }

    /// <summary>What it gave.</summary>
    public string Seen { get; }

    private static string Describe(
        Law law, ulong seed, IReadOnlyList<string> operations, LawViolation violation, string history)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{law.Id}: {law.Sentence}\nDevice: {law.Device}\n\n");
        for (var index = 0; index < operations.Count; index++)
        {
            if (index < ShownFirst || index >= operations.Count - ShownLast)
                text.Append(CultureInfo.InvariantCulture, $"{index + 1}. {operations[index]}\n");
            else if (index == ShownFirst)
                text.Append(CultureInfo.InvariantCulture, $"   … {operations.Count - ShownFirst - ShownLast} more\n");
        }

        var where = operations.Count > 0 ? $"\nAt operation {operations.Count}" : "While connecting";
        text.Append(CultureInfo.InvariantCulture, $"{where}, expected: {violation.Expected}\n");
        text.Append(CultureInfo.InvariantCulture, $"seen: {violation.Seen}\n");
        if (violation.Hint.Length > 0)
            text.Append(CultureInfo.InvariantCulture, $"({violation.Hint})\n");
        return text.Append(CultureInfo.InvariantCulture, $"\n{history}\n{LawReplay.Line(law, seed)}").ToString();
    }
}
