using System.Reflection;

namespace Mirage.Tidy;

/// <summary>A struct that implements a signature has one field, its core; a stateless one has none.</summary>
public sealed class HandleFieldsRule
{
    private interface ITwo<TSelf> : IDevice<TSelf> where TSelf : struct, ITwo<TSelf>;

    [Fact]
    public void Repository_HandleStructs_HaveAtMostOneField()
    {
        var findings = Packages()
            .SelectMany(assembly => assembly.GetTypes())
            .Where(IsFat)
            .Select(type => $"{type.FullName}: {Fields(type)}");
        Assert.True(!findings.Any(),
            $"A handle has one field over a private class Core.\n{string.Join('\n', findings)}");
    }

    [Fact]
    public void Packages_OfTheSolution_AreLookedAt() =>
        Assert.Equal(
            Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
                .Select(Path.GetFileNameWithoutExtension)
                .Where(name => name != "Mirage.Testing.Xunit3") // The same sources as Mirage.Testing.Xunit.
                .Order(StringComparer.Ordinal),
            Packages().Select(assembly => assembly.GetName().Name).Order(StringComparer.Ordinal));

    [Fact]
    public void PlantedHandleWithTwoFields_IsFound() => Assert.True(IsFat(typeof(Two)));

    [Fact]
    public void HandleWithOneField_IsNotFound() => Assert.False(IsFat(typeof(MClock)));

    private static IEnumerable<Assembly> Packages() =>
        Directory.GetFiles(AppContext.BaseDirectory, "Mirage.*.dll").Select(Assembly.LoadFrom);

    private static bool IsFat(Type type) => type.IsValueType && IsDevice(type) && Fields(type) > 1;

    private static bool IsDevice(Type type) =>
        type.GetInterfaces().Any(signature => signature.IsGenericType &&
            signature.GetGenericTypeDefinition() == typeof(IDevice<>));

    private static int Fields(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Length;

    private readonly struct Two(int a, int b) : ITwo<Two>
    {
        private readonly int _a = a;
        private readonly int _b = b;

        public static Impl<Two> Impl => Mirage.Impl.Pure(new Two(1, 2));

        public override string ToString() => $"{_a} {_b}";
    }
}
