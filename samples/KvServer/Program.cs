return new Sweep()
    .Add<KvScenario<SimBlock>>()
    .Main(args, Console.Out);
