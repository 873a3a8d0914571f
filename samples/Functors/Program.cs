return Unix.Run<Functors<HostConsole>>(args);
