#pragma warning disable RS0030 // A sweep is a tool for a person at this machine: it runs worlds and is in none.
return new Sweep()
    .Add<KvScenario<SimBlock>>()
    .Main(args, Console.Out);
