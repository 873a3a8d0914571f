return Unix.Run<HelloKey<Time, HostConsole>>(args);
