using System.Reflection;

namespace Mirage.Unix.Tests;

/// <summary>The laws of a suite as the cases of a theory, for a suite that needs a right which the user may not
/// have.</summary>
internal static class LawCases
{
    public static TheoryData<string> Of<TSuite>() => [.. typeof(TSuite)
        .GetMethods()
        .Where(static method => method.IsDefined(typeof(FactAttribute), inherit: true))
        .Select(static method => method.Name)
        .Order(StringComparer.Ordinal)];

    public static void Run<TSuite>(string law) where TSuite : new() =>
        typeof(TSuite).GetMethod(law)!.Invoke(new TSuite(), BindingFlags.DoNotWrapExceptions, null, null, null);
}
