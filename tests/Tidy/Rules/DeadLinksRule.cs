using System.Text.RegularExpressions;

namespace Mirage.Tidy;

/// <summary>A relative link leads to a file of the repository, and its fragment to a heading there.</summary>
public sealed partial class DeadLinksRule : Rule
{
    private protected override string Sentence =>
        "A relative link leads to a file of the repository, and its fragment to a heading of it.";

    private protected override IEnumerable<SourceFile> Scope => Repository.Files.Where(IsMarkdown);

    private protected override IEnumerable<SourceFile> Bad =>
    [
        new("docs/a.md", "See [that](nowhere.md).\n"),
        new("README.md", "See [that](LICENSE) and [this](#no-such-heading).\n"),
    ];

    private protected override IEnumerable<SourceFile> Good =>
    [
        new("docs/a.md", "# One thing\n[a](../LICENSE), [b](#one-thing), [c](https://example.org/x)\n"),
        new("docs/a.md", "`[d](nowhere.md)`\n"),
        new("docs/a.md", "```text\n[a](nowhere.md)\n```\n"),
    ];

    private protected override IEnumerable<Finding> Check(SourceFile file)
    {
        var text = Code().Replace(file.Text, code => Blank().Replace(code.Value, " "));
        foreach (Match match in Link().Matches(text))
        {
            var parts = match.Groups["target"].Value.Split('#', 2);
            var (path, fragment) = (parts[0], parts.Length > 1 ? parts[1] : "");
            var target = path.Length == 0 ? file.Path : Normalise($"{file.Folder}/{path}");
            if (!Repository.Exists(target) && path.Length > 0)
                yield return file.At(match.Index, $"no {target}");
            else if (fragment.Length > 0 && !Anchors(path.Length == 0 ? file : Find(target)).Contains(fragment))
                yield return file.At(match.Index, $"no heading #{fragment} in {target}");
        }
    }

    private static bool IsMarkdown(SourceFile file) => file.Path.EndsWith(".md", StringComparison.Ordinal);

    private static SourceFile? Find(string path) => Repository.Files.SingleOrDefault(file => file.Path == path);

    private static string Normalise(string path) =>
        Path.GetRelativePath(Repository.Root,
            Path.GetFullPath(Path.Combine(Repository.Root, path.TrimStart('/')))).Replace('\\', '/');

    // A heading's anchor as GitHub makes it: lower case, punctuation out, spaces to dashes.
    private static HashSet<string> Anchors(SourceFile? file) => file is null ? [] :
        [.. Heading().Matches(file.Text).Select(match =>
            Punctuation().Replace(match.Groups["title"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))];

    [GeneratedRegex(@"\]\((?<target>(?![a-z]+:)[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```.*?^```|`[^`\n]*`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"[^\n]")]
    private static partial Regex Blank();

    [GeneratedRegex(@"^#+ (?<title>.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Punctuation();
}
