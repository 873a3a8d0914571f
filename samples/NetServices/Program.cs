return Unix.Run<NetServices<TcpIp<Netif>>>(args);
