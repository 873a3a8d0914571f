namespace Mirage;

/// <summary>A choice by keys, without the type that it gives.</summary>
internal interface IChoiceNode : INode
{
    /// <summary>What decides; it is made from keys only.</summary>
    Impl<int> Selector { get; }

    /// <summary>The values that lead to each branch, and the branch. The last one is taken when no other is.</summary>
    IReadOnlyList<(string Label, INode Branch)> Branches { get; }
}
