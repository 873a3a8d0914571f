namespace Mirage.Tidy;

/// <summary>One public top-level type a file, named after it.</summary>
public sealed class OneTypeAFileRule : Rule
{
    private protected override string Sentence =>
        "A file has one public top-level type and its name (KeyOfT for Key<T>); a snippet may have more.";

    private protected override IEnumerable<SourceFile> Scope => Repository.CSharp("src", "tests", "bench")
        .Where(file => !file.Path.Contains("/Snippets/", StringComparison.Ordinal));

    private protected override IEnumerable<SourceFile> Bad =>
    [
        new("src/A.cs", "namespace M;\npublic class A { }\npublic readonly record struct B(int X);\n"),
        new("src/A.cs", "namespace M;\npublic interface IB<TSelf> where TSelf : struct, IB<TSelf> { }\n"),
    ];

    private protected override IEnumerable<SourceFile> Good =>
    [
        new("src/KeyOfT.cs", "public class Key<T> : X where T : struct\n{\n    public enum E { A }\n}\nclass C;\n"),
        new("src/A.cs", "// public class B\npublic static class A { string s = \"public class B\"; }\n"),
    ];

    private protected override IEnumerable<Finding> Check(SourceFile file)
    {
        var types = TypeDeclaration.In(file).Where(type => type.Depth == 0 && type.IsPublic).ToList();
        foreach (var second in types.Skip(1).Where(type => type.Name != types[0].Name))
            yield return file.At(second.Start, $"{second.Name} beside {types[0].Name}");
        if (types.Count > 0 && !IsNamedAfter(file.Name, types[0]))
            yield return file.At(types[0].Start, $"{types[0].Name} is in {file.Name}.cs");
    }

    // TcpConnection.Receive.cs may be a part of TcpConnection, and ImplOfT.cs has Impl<T> beside the static Impl.
    private static bool IsNamedAfter(string file, TypeDeclaration type) =>
        file == type.Name || file.StartsWith(type.Name + ".", StringComparison.Ordinal) ||
        (type.TypeParameters.Length > 0 && file.StartsWith(type.Name + "Of", StringComparison.Ordinal));
}
