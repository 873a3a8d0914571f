namespace Mirage.Net.Tests;

/// <summary>The laws of every wire type in the assembly.</summary>
public sealed class WireFormatTests
{
    public static TheoryData<string> Names => [.. WireCases.All.Select(wire => wire.ToString())];

    [Fact]
    public void EveryWireType_IsUnderTheLaws()
    {
        var types = typeof(IWireFormat<>).Assembly.GetTypes().Where(
            type => type.IsValueType && Array.Exists(type.GetInterfaces(),
            face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IWireFormat<>)));
        Assert.Equal(types.Select(type => type.Name).Order(), WireCases.All.Select(wire => wire.Type.Name).Order());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AnyValue_SurvivesTheWire(string name) => Case(name).CheckRoundTrip();

    [Theory]
    [MemberData(nameof(Names))]
    public void AnyImage_IsReadWithoutThrowing(string name) => Case(name).CheckTotality();

    private static WireCase Case(string name) => WireCases.All.Single(wire => wire.ToString() == name);
}
