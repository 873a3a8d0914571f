return Unix.Run<NetServices<SocketStack>>(args);
