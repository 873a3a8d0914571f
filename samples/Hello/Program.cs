return Unix.Run<Hello<Time, HostConsole>>(args);
