return new Sweep()
    .Add<KvScenario>()
    .Main(args, Console.Out);
