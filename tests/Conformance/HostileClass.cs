namespace Mirage.Conformance;

/// <summary>A numbered class of hostile input: a line of docs/hostile-input.tsv.</summary>
/// <param name="Number">What tests name it by: <c>[Trait("Hostile", "8")]</c>.</param>
/// <param name="Text">What is sent.</param>
/// <param name="Defence">What has to come of it.</param>
/// <param name="Source">Where it is known from.</param>
/// <param name="Absent">Why there is nothing here that it could be sent to; empty where there is.</param>
internal sealed record HostileClass(int Number, string Text, string Defence, string Source, string Absent)
{
    public static IReadOnlyList<HostileClass> Read(string path) =>
    [
        .. File.ReadAllLines(path).Select(line => line.Split('\t')).Select(fields => new HostileClass(
            int.Parse(fields[0], null), fields[1], fields[2], fields[3], fields.ElementAtOrDefault(4) ?? "")),
    ];
}
