return Unix.Run<Unikernel<PClock, SocketStack>>(args);
