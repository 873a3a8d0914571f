using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(Mirage.Bench.FunctorChainBenchmarks).Assembly).Run(args);
