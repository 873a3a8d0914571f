/* Does a server of bench/network answer right?  check ADDRESS
 *
 * Waits for TCP port 80 to answer, 10 s at most; then a MiB through TCP echo with a half-close, UDP echo of sizes up to
 * what an MTU of 1500 carries, the FIN of discard, the first bytes of chargen and a page. Exit code 1, with a sentence,
 * at the first thing that is wrong, and SIGALRM after 30 s. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ECHO = 7, DISCARD = 9, CHARGEN = 19, HTTP = 80, CHECKED = 1 << 20, PATIENCE_S = 3, LIMIT_S = 30, TRIES = 5 };

static struct sockaddr_in server = {.sin_family = AF_INET};
static char text[CHECKED], answer[CHECKED];

static void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  exit(1);
}

static int try_socket(int type, int port) {
  int descriptor = socket(AF_INET, type | SOCK_CLOEXEC, 0);
  struct timeval patience = {.tv_sec = type == SOCK_DGRAM ? 1 : PATIENCE_S};
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  server.sin_port = htons(port);
  if (connect(descriptor, (struct sockaddr *)&server, sizeof server) == 0) return descriptor;
  close(descriptor);
  return -1;
}

static int open_socket(int type, int port) {
  int descriptor = try_socket(type, port);
  if (descriptor < 0) fail("port %d: %m", port);
  return descriptor;
}

static void check_echo(void) {
  int flow = open_socket(SOCK_STREAM, ECHO);
  size_t sent = 0, received = 0;
  while (received < CHECKED) {
    struct pollfd either = {.fd = flow, .events = POLLIN | (sent < CHECKED ? POLLOUT : 0)};
    if (poll(&either, 1, PATIENCE_S * 1000) != 1) fail("TCP echo stands still after %zu bytes", received);
    if (either.revents & POLLOUT) {
      ssize_t moved = send(flow, text + sent, CHECKED - sent, MSG_DONTWAIT);
      if (moved > 0 && (sent += moved) == CHECKED) shutdown(flow, SHUT_WR);
    }
    if (either.revents & ~POLLOUT) {
      ssize_t moved = recv(flow, answer + received, CHECKED - received, MSG_DONTWAIT);
      if (moved <= 0 && !(moved < 0 && errno == EAGAIN)) fail("TCP echo ends after %zu bytes", received);
      if (moved > 0) received += moved;
    }
  }
  if (memcmp(text, answer, CHECKED) != 0) fail("TCP echo gives other bytes");
  if (recv(flow, answer, 1, 0) != 0) fail("TCP echo does not answer a FIN");
  close(flow);
}

static void check_datagrams(void) {
  static const int sizes[] = {1, 2, 63, 64, 511, 1024, 1471, 1472};
  int port = open_socket(SOCK_DGRAM, ECHO);
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    bool same = false;
    for (int tries = 0; tries < TRIES && !same; tries++)
      same = send(port, text + i, sizes[i], 0) == sizes[i] && recv(port, answer, CHECKED, 0) == sizes[i] &&
        memcmp(text + i, answer, sizes[i]) == 0;
    if (!same) fail("UDP echo of %d bytes", sizes[i]);
  }
  close(port);
}

/* Connects, sends and waits for what the server says first; 0 is its FIN. */
static ssize_t first_words(int port, const char *words, size_t size, bool fin) {
  int flow = open_socket(SOCK_STREAM, port);
  if (send(flow, words, size, 0) != (ssize_t)size) fail("port %d takes nothing", port);
  if (fin) shutdown(flow, SHUT_WR);
  ssize_t received = recv(flow, answer, 12, MSG_WAITALL);
  close(flow);
  return received;
}

static void wait_for_server(void) {
  int flow;
  for (int tries = 0; (flow = try_socket(SOCK_STREAM, HTTP)) < 0; tries++) {
    if (tries == 100) fail("port %d: %m", HTTP);
    usleep(100000);
  }
  close(flow);
}

int main(int count, char **arguments) {
  if (count != 2 || inet_pton(AF_INET, arguments[1], &server.sin_addr) != 1) fail("usage: check ADDRESS");
  signal(SIGPIPE, SIG_IGN);
  alarm(LIMIT_S);
  for (size_t i = 0; i < sizeof text; i++) text[i] = random();
  wait_for_server();
  check_echo();
  check_datagrams();
  if (first_words(DISCARD, text, 5000, true) != 0) fail("discard does not answer a FIN");
  if (first_words(CHARGEN, "", 0, false) != 12) fail("chargen says nothing");
  static const char get[] = "GET / HTTP/1.1\r\nHost: server\r\n\r\n";
  if (first_words(HTTP, get, sizeof get - 1, false) != 12 || memcmp(answer, "HTTP/1.1 200", 12) != 0) fail("no page");
  return 0;
}
