return Unix.Run<Unikernel<PClock, TcpIp<Netif>>>(args);
