using System.Reflection;

namespace Mirage;

/// <summary>The name and the version of a program.</summary>
internal sealed record ProgramInfo(string Name, string Version)
{
    /// <summary>The program of this process.</summary>
    public static ProgramInfo OfProcess => Of(Assembly.GetEntryAssembly(), "unikernel");

    /// <summary>This library.</summary>
    public static ProgramInfo OfMirage => Of(typeof(ProgramInfo).Assembly, "Mirage") with { Name = "Mirage" };

    private static ProgramInfo Of(Assembly? assembly, string name) => new(
        assembly?.GetName().Name ?? name,
        assembly?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown");
}
