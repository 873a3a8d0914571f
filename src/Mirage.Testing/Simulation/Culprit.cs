using System.Diagnostics;

namespace Mirage.Testing;

/// <summary>Finds who is to blame in the stack of the calling thread.</summary>
internal static class Culprit
{
    /// <summary>The innermost method that is neither the framework's nor the world's.</summary>
    public static string Find()
    {
        foreach (var frame in new StackTrace(fNeedFileInfo: true).GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is { DeclaringTypeName: { } type } method && IsOthers(type))
                return $"see {Name(type, method.Name)}{Place(frame)}";
        }

        return "no code of the machine is on the stack, as after an await with ConfigureAwait(false)";
    }

    private static bool IsOthers(string type) =>
        !type.StartsWith("System.", StringComparison.Ordinal)
        && !type.StartsWith("Mirage.Testing.Sim", StringComparison.Ordinal)
        && !type.StartsWith("Mirage.Testing.PoolWatch", StringComparison.Ordinal)
        && !type.StartsWith("Mirage.Testing.Culprit", StringComparison.Ordinal)
        && !type.StartsWith("Mirage.Testing.MachineDriver", StringComparison.Ordinal)
        && !type.StartsWith("Mirage.EventLoop", StringComparison.Ordinal)
        && !type.StartsWith("Mirage.Loop", StringComparison.Ordinal)
        && !type.StartsWith("Mirage.Work", StringComparison.Ordinal);

    // The method of a state machine is called MoveNext, of a type Outer+<Name>d__1 where Outer has the method Name;
    // that of a lambda is <Name>b__0, of a type Outer+<>c.
    private static string Name(string type, string method)
    {
        var parts = type.Split('+');
        var written = Array.FindLast(parts, static part => !part.StartsWith('<')) ?? type;
        var name = parts[^1].StartsWith('<') && !parts[^1].StartsWith("<>", StringComparison.Ordinal)
            ? parts[^1]
            : method;
        return $"{written[(written.LastIndexOf('.') + 1)..]}.{Plain(name)}";
    }

    private static string Plain(string name)
    {
        var local = name.IndexOf(">g__", StringComparison.Ordinal); // A local function: <<Outer>g__Name|0_0>d.
        if (local >= 0)
            return name[(local + 4)..].Split('|')[0];
        name = name.TrimStart('<');
        var end = name.IndexOf('>', StringComparison.Ordinal);
        return end > 0 ? name[..end] : name;
    }

    private static string Place(StackFrame frame) =>
        frame.GetFileName() is { } file ? $" ({Path.GetFileName(file)}:{frame.GetFileLineNumber()})" : "";
}
