return Unix.Run<Tun2Socks<Netif, SocketStack, HostConsole>>(args);
