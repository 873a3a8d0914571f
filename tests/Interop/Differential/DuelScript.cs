using System.Reflection;

namespace Mirage.Interop;

/// <summary>A script that is played on the stage of either stack.</summary>
internal sealed record DuelScript(string Name, Func<Stage, Task> Play)
{
    /// <summary>The scripts of these classes: their public methods.</summary>
    public static IReadOnlyList<DuelScript> In(params Type[] types) =>
    [
        .. from type in types
           from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static)
           select new DuelScript(method.Name, method.CreateDelegate<Func<Stage, Task>>()),
    ];
}
