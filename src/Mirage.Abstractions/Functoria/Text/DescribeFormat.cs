namespace Mirage;

/// <summary>What a graph is written as.</summary>
internal enum DescribeFormat
{
    /// <summary>An indented tree of what the boot makes.</summary>
    Text,

    /// <summary>Graphviz, branches not taken included.</summary>
    Dot,

    /// <summary>A Mermaid flowchart, branches not taken included.</summary>
    Mermaid,
}
