namespace Mirage.Conformance;

/// <summary>A numbered behaviour that this project means to have: a line of docs/behaviours.tsv.</summary>
/// <param name="Number">What tests name it by: <c>[Trait("Behaviour", "107")]</c>.</param>
/// <param name="Text">What must hold.</param>
/// <param name="Source">The document that asks for it; empty when none does.</param>
internal sealed record Behaviour(int Number, string Text, string Source)
{
    public static IReadOnlyList<Behaviour> Read(string path) =>
    [
        .. File.ReadAllLines(path).Select(line => line.Split('\t'))
            .Select(fields => new Behaviour(int.Parse(fields[0], null), fields[1], fields.ElementAtOrDefault(2) ?? "")),
    ];
}
