namespace Mirage.Unix.Tests;

/// <summary>A test that looks at system calls with strace(1). Where there is none it is skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StraceFactAttribute : FactAttribute
{
    public const string Program = "/usr/bin/strace";

    public StraceFactAttribute() => Skip = File.Exists(Program) ? null : $"needs {Program}";
}
