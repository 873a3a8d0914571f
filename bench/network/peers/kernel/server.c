/* The services of bench/network on kernel sockets, one thread over epoll:  kernel ADDRESS
 * TCP: echo 7, discard 9, chargen 19, a page on 80. UDP: echo 7. Ends at a signal. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ECHO = 7, DISCARD = 9, CHARGEN = 19, HTTP = 80 };
enum { CHUNK = 128 << 10, ECHO_MAX = 64 << 10, BACKLOG = 1024, EVENTS = 256, BATCH = 32, DATAGRAM_MAX = 2048 };

/* What lies in 'rest' is still to be sent; until it is, nothing is read. */
struct socket {
  int descriptor, port;
  enum { LISTENS, FLOWS, DATAGRAMS } role;
  bool waits_to_send;
  unsigned last_four; /* Bytes of a request, to see its empty line in. */
  char *rest;
  size_t size;
};

static int epoll;
static char input[CHUNK], output[CHUNK];

static void watch(struct socket *socket, int operation, bool to_send) {
  struct epoll_event event = {.events = to_send ? EPOLLOUT : EPOLLIN, .data.ptr = socket};
  socket->waits_to_send = to_send;
  epoll_ctl(epoll, operation, socket->descriptor, &event);
}

static void add(int descriptor, int port, int role) {
  struct socket *socket = calloc(1, sizeof *socket);
  socket->descriptor = descriptor;
  socket->port = port;
  socket->role = role;
  watch(socket, EPOLL_CTL_ADD, role == FLOWS && port == CHARGEN);
}

static void end(struct socket *socket) {
  close(socket->descriptor);
  free(socket->rest);
  free(socket);
}

static void accept_all(struct socket *listener) {
  int descriptor, one = 1;
  while ((descriptor = accept4(listener->descriptor, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    add(descriptor, listener->port, FLOWS);
  }
}

static void send_all(struct socket *socket, const char *bytes, size_t size) {
  ssize_t sent = send(socket->descriptor, bytes, size, 0);
  if (sent < 0 && errno != EAGAIN) {
    end(socket);
    return;
  }
  size_t taken = sent < 0 ? 0 : sent;
  if (taken < size) {
    if (!socket->rest) socket->rest = malloc(ECHO_MAX);
    memmove(socket->rest, bytes + taken, size - taken);
  }
  socket->size = size - taken;
  if (socket->waits_to_send != (taken < size)) watch(socket, EPOLL_CTL_MOD, taken < size);
}

static void answer_requests(struct socket *socket, size_t size) {
  static const char page[] =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!";
  size_t length = 0;
  for (size_t i = 0; i < size; i++) {
    socket->last_four = socket->last_four << 8 | (unsigned char)input[i];
    if (socket->last_four == 0x0d0a0d0a && length + sizeof page <= ECHO_MAX) {
      memcpy(output + length, page, sizeof page - 1);
      length += sizeof page - 1;
    }
  }
  if (length > 0) send_all(socket, output, length);
}

static void serve(struct socket *socket) {
  if (socket->port == CHARGEN) {
    if (send(socket->descriptor, output, CHUNK, 0) < 0 && errno != EAGAIN) end(socket);
  } else if (socket->waits_to_send) {
    send_all(socket, socket->rest, socket->size);
  } else {
    ssize_t size = recv(socket->descriptor, input, socket->port == DISCARD ? CHUNK : ECHO_MAX, 0);
    if (size == 0 || (size < 0 && errno != EAGAIN)) end(socket);
    else if (size > 0 && socket->port == ECHO) send_all(socket, input, size);
    else if (size > 0 && socket->port == HTTP) answer_requests(socket, size);
  }
}

static void echo_datagrams(struct socket *socket) {
  static char datagrams[BATCH][DATAGRAM_MAX];
  static struct sockaddr_in sources[BATCH];
  struct iovec pieces[BATCH];
  struct mmsghdr messages[BATCH];
  for (int i = 0; i < BATCH; i++) {
    pieces[i] = (struct iovec){datagrams[i], DATAGRAM_MAX};
    messages[i] = (struct mmsghdr){.msg_hdr = {&sources[i], sizeof *sources, &pieces[i], 1, NULL, 0, 0}};
  }
  int count = recvmmsg(socket->descriptor, messages, BATCH, MSG_DONTWAIT, NULL);
  for (int i = 0; i < count; i++) pieces[i].iov_len = messages[i].msg_len;
  if (count > 0) sendmmsg(socket->descriptor, messages, count, 0);
}

static void bind_port(struct in_addr address, int port, int type) {
  struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = address};
  int descriptor = socket(AF_INET, type | SOCK_NONBLOCK, 0);
  if (bind(descriptor, (struct sockaddr *)&own, sizeof own) < 0 ||
      (type == SOCK_STREAM && listen(descriptor, BACKLOG) < 0)) {
    perror("bind");
    exit(1);
  }
  add(descriptor, port, type == SOCK_STREAM ? LISTENS : DATAGRAMS);
}

int main(int count, char **arguments) {
  struct in_addr address;
  if (count != 2 || inet_pton(AF_INET, arguments[1], &address) != 1) return 64;
  signal(SIGPIPE, SIG_IGN);
  epoll = epoll_create1(EPOLL_CLOEXEC);
  static const int ports[] = {ECHO, DISCARD, CHARGEN, HTTP};
  for (int i = 0; i < 4; i++) bind_port(address, ports[i], SOCK_STREAM);
  bind_port(address, ECHO, SOCK_DGRAM);
  for (;;) {
    struct epoll_event ready[EVENTS];
    int events = epoll_wait(epoll, ready, EVENTS, -1);
    for (int i = 0; i < events; i++) {
      struct socket *socket = ready[i].data.ptr;
      if (socket->role == LISTENS) accept_all(socket);
      else if (socket->role == DATAGRAMS) echo_datagrams(socket);
      else serve(socket);
    }
  }
}
