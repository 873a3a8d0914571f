using Two = Mirage.Bench.Layer<Mirage.Bench.Layer<Mirage.Bench.Wire>>;

namespace Mirage.Bench;

/// <summary>Closed functor chains.</summary>
internal static class Chains
{
    /// <summary>Five layers over a wire.</summary>
    public static Layer<Layer<Layer<Two>>> Five()
    {
        var two = Two.Connect(Layer<Wire>.Connect(Wire.Connect(), header: 20), header: 20);
        var four = Layer<Layer<Two>>.Connect(Layer<Two>.Connect(two, header: 20), header: 20);
        return Layer<Layer<Layer<Two>>>.Connect(four, header: 20);
    }
}
