using System.Text.RegularExpressions;

namespace Mirage.Tidy;

/// <summary>A functor applied to a functor is spelled once, by an alias; whoever needs it again says the
/// alias.</summary>
public sealed partial class NestedGenericsRule : Rule
{
    private protected override string Sentence =>
        "A functor applied to a functor is spelled once a file, by one alias a layer.";

    private protected override IEnumerable<SourceFile> Scope => Repository.CSharp("src", "samples");

    private protected override IEnumerable<SourceFile> Bad =>
        [new("samples/A.cs", "Run<Web<TcpIp<Netif<User>>>>();\nDescribe<Web<TcpIp<Netif<User>>>>();\n")];

    private protected override IEnumerable<SourceFile> Good =>
    [
        new("samples/A.cs", "using Stack = M.TcpIp<M.Netif<M.User>>;\nRun<Web<Stack>>();\nDescribe<Web<Stack>>();\n"),
        new("src/A.cs", "ValueTask<Either<E, List<int>>> A(); ValueTask<Either<E, List<int>>> B();\n"),
        new("src/A.cs", "Impl<Arp<T>> A(); Impl<Arp<T>> B();\n"),
    ];

    private protected override IEnumerable<Finding> Check(SourceFile file)
    {
        var code = file.Code;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var match = Nest().Match(code); match.Success;)
        {
            var end = EndOfNest(code, match.Index + match.Length);
            var isFunctor = !IsLibrary(match.Groups["outer"].Value) && !IsLibrary(match.Groups["inner"].Value);
            var isRepeated = isFunctor && !seen.Add(Space().Replace(code[match.Index..end], ""));
            if (isRepeated)
                yield return file.At(match.Index, code[match.Index..end]);
            // What is repeated is reported whole, without its parts.
            match = Nest().Match(code, isRepeated ? end : match.Index + 1);
        }
    }

    // After two opening brackets, the end of what they open.
    private static int EndOfNest(string code, int from)
    {
        for (var depth = 2; from < code.Length && depth > 0; from++)
            depth += code[from] is '<' ? 1 : code[from] is '>' ? -1 : 0;
        return from;
    }

    private static bool IsLibrary(string name) => LibraryType().IsMatch(name);

    [GeneratedRegex(@"\b(?<outer>[A-Z]\w*)<\s*(?:[\w.]+,\s*)*(?:\w+\.)*(?<inner>[A-Z]\w*)<")]
    private static partial Regex Nest();

    [GeneratedRegex(@"\s")]
    private static partial Regex Space();

    [GeneratedRegex("""
        ^(?:I[A-Z]\w*|Impl|Key|Of|Apply|Map|Task|ValueTask|TaskCompletionSource|Either|Option|Unit|Func|Action|
        Predicate|Comparison|List|Dictionary|SortedDictionary|HashSet|SortedSet|Queue|PriorityQueue|Stack|LinkedList|
        LinkedListNode|KeyValuePair|Span|ReadOnlySpan|Memory|ReadOnlyMemory|ReadOnlySequence|Lazy|Nullable|Tuple|
        Channel|Gen|Arbitrary|Equal|Assert|Vector\d*|Lst|Seq)$
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex LibraryType();
}
