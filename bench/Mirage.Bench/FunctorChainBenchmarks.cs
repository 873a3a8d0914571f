using BenchmarkDotNet.Attributes;

namespace Mirage.Bench;

/// <summary>Five layers in three compositions; bench/FunctorChain runs the same without BenchmarkDotNet, and as Native
/// AOT.</summary>
[MemoryDiagnoser]
public class FunctorChainBenchmarks
{
    private const int Calls = 10_000;
    private readonly Hand _hand = new(new ByHand(20, 20, 20, 20, 20));
    private readonly Functors<Layer<Layer<Layer<Layer<Layer<Wire>>>>>> _functors = new(Chains.Five());
    private readonly Objects _objects = new(ByInterface.Connect(20));

    [Benchmark(Baseline = true, OperationsPerInvoke = Calls)]
    public long ByHandInOneClass() => _hand.Run(Calls);

    [Benchmark(OperationsPerInvoke = Calls)]
    public long FunctorsOfStructHandles() => _functors.Run(Calls);

    [Benchmark(OperationsPerInvoke = Calls)]
    public long InterfaceCalls() => _objects.Run(Calls);
}
