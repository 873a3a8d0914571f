using System.Reflection;
using System.Runtime.Loader;

namespace Mirage.Conformance;

/// <summary>A test and what its traits claim.</summary>
/// <param name="Name">Class and method.</param>
/// <param name="Conforms">Places in documents: <c>RFC 9293 section 3.10.7.4</c>.</param>
/// <param name="Behaviours">Numbers of docs/behaviours.tsv.</param>
/// <param name="Hostile">Numbers of docs/hostile-input.tsv.</param>
internal sealed record TaggedTest(
    string Name, IReadOnlyList<string> Conforms, IReadOnlyList<int> Behaviours, IReadOnlyList<int> Hostile)
{
    private const BindingFlags Methods = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static;

    /// <summary>The tagged tests of the test assemblies that were built beside this one.</summary>
    public static IEnumerable<TaggedTest> In(IEnumerable<string> assemblies) => assemblies.SelectMany(In);

    private static IEnumerable<TaggedTest> In(string path)
    {
        var resolver = new AssemblyDependencyResolver(path);
        var context = new AssemblyLoadContext(path, isCollectible: true);
        context.Resolving += (_, name) =>
            resolver.ResolveAssemblyToPath(name) is { } found ? context.LoadFromAssemblyPath(found) : null;
        foreach (var type in context.LoadFromAssemblyPath(path).GetTypes().Where(type => !type.IsAbstract))
        {
            var ofType = Traits(type).ToList();
            foreach (var method in type.GetMethods(Methods).Where(IsTest))
            {
                var traits = ofType.Concat(Traits(method)).Distinct().ToList();
                if (traits.Count > 0)
                    yield return Of($"{type.Name}.{method.Name}", traits);
            }
        }
    }

    private static TaggedTest Of(string name, IReadOnlyList<(string Name, string Value)> traits) => new(name,
        [.. traits.Where(trait => trait.Name is "Conforms").Select(trait => trait.Value)],
        [.. Numbers("Behaviour", traits)], [.. Numbers("Hostile", traits)]);

    private static IEnumerable<int> Numbers(string name, IEnumerable<(string Name, string Value)> traits) =>
        traits.Where(trait => trait.Name == name).Select(trait => int.Parse(trait.Value, null));

    private static bool IsTest(MethodInfo method) =>
        method.GetCustomAttributes().SelectMany(attribute => Bases(attribute.GetType()))
            .Any(type => type.Name is "FactAttribute");

    // By name: the attribute's assembly is loaded a second time, in the context of the tests.
    private static IEnumerable<(string Name, string Value)> Traits(MemberInfo member) =>
        from data in member.GetCustomAttributesData()
        where data.AttributeType.Name is nameof(TraitAttribute) && data.ConstructorArguments.Count == 2
        let name = (string)data.ConstructorArguments[0].Value!
        where name is "Conforms" or "Behaviour" or "Hostile"
        select (name, (string)data.ConstructorArguments[1].Value!);

    private static IEnumerable<Type> Bases(Type? type)
    {
        for (; type is not null; type = type.BaseType)
            yield return type;
    }
}
