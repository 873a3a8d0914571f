/* The client of bench/network, on kernel sockets: one thread, bounded in time.
 *
 *   client TEST ADDRESS COUNT SECONDS SERVER_PID
 *
 * TEST   one unit of work is                               COUNT
 * send   a byte that port 9 has acknowledged               flows
 * recv   a byte from port 19                               flows
 * pp     a byte to TCP port 7 and back                     1
 * udp    64 bytes to UDP port 7 and back                   datagrams in flight
 * conn   connect to port 9, FIN, the peer's FIN, close     connections in flight
 *
 * Prints units a second, ns of the server's CPU time a unit, and the 99th percentile of latency in µs, or '-' where
 * several are in flight. Exit code 1, with a sentence, when there is no figure. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ECHO = 7, DISCARD = 9, CHARGEN = 19 };
enum { COUNT_MAX = 256, CHUNK = 128 << 10, DATAGRAM = 64, BATCH = 32, PATIENCE_S = 3 };

static struct sockaddr_in server = {.sin_family = AF_INET};
static int server_pid;
static char chunk[CHUNK], answer[CHUNK];

static void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  exit(1);
}

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000ull + now.tv_nsec;
}

/* User and system time of the server with all its threads, proc(5): fields 14 and 15 of stat. */
static double server_cpu_ns(void) {
  char path[32], text[1024] = "";
  snprintf(path, sizeof path, "/proc/%d/stat", server_pid);
  FILE *file = fopen(path, "r");
  if (!file || !fgets(text, sizeof text, file)) fail("the server has ended");
  fclose(file);
  unsigned long user = 0, system = 0;
  char *name_end = strrchr(text, ')'); /* A name may have spaces in it. */
  if (!name_end || sscanf(name_end + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2)
    fail("%s is not understood", path);
  return (user + system) * 1e9 / sysconf(_SC_CLK_TCK);
}

/* The measurement: a warm-up, which is not counted, then the seconds asked for. */
enum phase { WARM, BEGIN, COUNTING, END };
static struct {
  uint64_t warm_until, length, begun, ended;
  double cpu;
  uint64_t units, latencies;
  uint32_t bucket[64 << 7]; /* 128 buckets to each power of two of ns: a latency is right to 0.8 %. */
} meter;

static void meter_start(double seconds) {
  meter.warm_until = now_ns() + 200000000;
  meter.length = seconds * 1e9;
}

/* To be asked before each step; END is told once. */
static enum phase meter_phase(void) {
  uint64_t now = now_ns();
  if (now < meter.warm_until) return WARM;
  if (!meter.begun) {
    meter.units = meter.latencies = 0;
    memset(meter.bucket, 0, sizeof meter.bucket);
    meter.begun = now;
    meter.cpu = server_cpu_ns();
    return BEGIN;
  }
  if (now - meter.begun < meter.length) return COUNTING;
  meter.ended = now;
  meter.cpu = server_cpu_ns() - meter.cpu;
  return END;
}

static void add_latency(uint64_t ns) {
  int shift = ns < 256 ? 0 : 56 - __builtin_clzll(ns);
  meter.bucket[(shift << 7) + (ns >> shift)]++;
  meter.latencies++;
}

static double percentile99_us(void) {
  uint64_t below = 0;
  int index = 0;
  while ((below += meter.bucket[index]) * 100 < meter.latencies * 99) index++;
  int shift = index < 256 ? 0 : (index >> 7) - 1;
  return ((uint64_t)(index - (shift << 7)) << shift) / 1e3;
}

static void report(void) {
  if (!meter.units) fail("nothing came back");
  printf("%.1f %.4f ", meter.units * 1e9 / (meter.ended - meter.begun), meter.cpu / meter.units);
  if (meter.latencies) printf("%.2f\n", percentile99_us());
  else puts("-");
}

/* A connected socket, or one that connects when it does not block; its calls give up after PATIENCE_S. */
static int open_socket(int type, int port) {
  int descriptor = socket(AF_INET, type | SOCK_CLOEXEC, 0);
  struct timeval patience = {.tv_sec = PATIENCE_S};
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  server.sin_port = htons(port);
  if (connect(descriptor, (struct sockaddr *)&server, sizeof server) < 0 && errno != EINPROGRESS)
    fail("port %d: %m", port);
  return descriptor;
}

static void watch(int epoll, int operation, int descriptor, int events, int index) {
  struct epoll_event event = {.events = events, .data.u32 = index};
  if (epoll_ctl(epoll, operation, descriptor, &event) < 0) fail("epoll_ctl: %m");
}

static uint64_t acknowledged(const int *flows, int count) {
  uint64_t sum = 0;
  for (int i = 0; i < count; i++) {
    struct tcp_info info = {0};
    socklen_t size = sizeof info;
    getsockopt(flows[i], IPPROTO_TCP, TCP_INFO, &info, &size);
    sum += info.tcpi_bytes_acked;
  }
  return sum;
}

static void bulk(bool sending, int count) {
  int flows[COUNT_MAX], epoll = epoll_create1(EPOLL_CLOEXEC);
  for (int i = 0; i < count; i++) {
    flows[i] = open_socket(SOCK_STREAM, sending ? DISCARD : CHARGEN);
    watch(epoll, EPOLL_CTL_ADD, flows[i], sending ? EPOLLOUT : EPOLLIN, i);
  }
  uint64_t before = 0;
  enum phase phase;
  while ((phase = meter_phase()) != END) {
    if (phase == BEGIN && sending) before = acknowledged(flows, count);
    struct epoll_event ready[16];
    int events = epoll_wait(epoll, ready, 16, 50);
    for (int i = 0; i < events; i++) {
      int flow = flows[ready[i].data.u32];
      ssize_t moved = sending ? send(flow, chunk, CHUNK, MSG_DONTWAIT) : recv(flow, answer, CHUNK, MSG_DONTWAIT);
      if (moved > 0) meter.units += moved;
      else if (moved == 0 || errno != EAGAIN) fail("the flow ended");
    }
  }
  if (sending) meter.units = acknowledged(flows, count) - before; /* What lies in a buffer has not arrived. */
}

static void ping_pong(void) {
  int flow = open_socket(SOCK_STREAM, ECHO), one = 1;
  setsockopt(flow, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  while (meter_phase() != END) {
    uint64_t sent = now_ns();
    if (send(flow, chunk, 1, 0) != 1 || recv(flow, answer, 1, 0) != 1) fail("no echo");
    add_latency(now_ns() - sent);
    meter.units++;
  }
}

static void datagrams(int window) {
  int port = open_socket(SOCK_DGRAM, ECHO), missing = window;
  struct timeval lost_after = {.tv_usec = 50000};
  setsockopt(port, SOL_SOCKET, SO_RCVTIMEO, &lost_after, sizeof lost_after);
  struct iovec out = {chunk, DATAGRAM}, in = {answer, sizeof answer};
  struct mmsghdr outgoing[BATCH], incoming[BATCH];
  for (int i = 0; i < BATCH; i++) {
    outgoing[i] = (struct mmsghdr){.msg_hdr = {.msg_iov = &out, .msg_iovlen = 1}};
    incoming[i] = (struct mmsghdr){.msg_hdr = {.msg_iov = &in, .msg_iovlen = 1}};
  }
  while (meter_phase() != END) {
    uint64_t sent = now_ns();
    while (missing > 0) {
      int count = sendmmsg(port, outgoing, missing < BATCH ? missing : BATCH, 0);
      if (count <= 0) fail("sendmmsg: %m");
      missing -= count;
    }
    int count = recvmmsg(port, incoming, BATCH, MSG_WAITFORONE, NULL);
    if (count < 0 && errno != EAGAIN) fail("recvmmsg: %m");
    if (count > 0 && window == 1) add_latency(now_ns() - sent);
    if (count > 0) meter.units += count;
    missing = count > 0 ? count : window; /* Nothing for as long as that: all in flight are lost. */
  }
}

static void connections(int window) {
  int opened[COUNT_MAX], epoll = epoll_create1(EPOLL_CLOEXEC);
  bool finished[COUNT_MAX] = {false};
  memset(opened, -1, sizeof opened);
  while (meter_phase() != END) {
    for (int i = 0; i < window; i++)
      if (opened[i] < 0) {
        opened[i] = open_socket(SOCK_STREAM | SOCK_NONBLOCK, DISCARD);
        watch(epoll, EPOLL_CTL_ADD, opened[i], EPOLLOUT, i);
        finished[i] = false;
      }
    struct epoll_event ready[COUNT_MAX];
    int events = epoll_wait(epoll, ready, COUNT_MAX, 50);
    for (int i = 0; i < events; i++) {
      int index = ready[i].data.u32, descriptor = opened[index];
      if (!finished[index]) {
        if (shutdown(descriptor, SHUT_WR) < 0) fail("no connection");
        watch(epoll, EPOLL_CTL_MOD, descriptor, EPOLLIN, index);
        finished[index] = true;
      } else if (recv(descriptor, answer, 1, 0) == 0) {
        close(descriptor);
        opened[index] = -1;
        meter.units++;
      } else fail("no FIN");
    }
  }
}

int main(int count, char **arguments) {
  int work = count == 6 ? atoi(arguments[3]) : 0;
  double seconds = count == 6 ? atof(arguments[4]) : 0;
  if (work < 1 || work > COUNT_MAX || seconds <= 0 || inet_pton(AF_INET, arguments[2], &server.sin_addr) != 1)
    fail("usage: client send|recv|pp|udp|conn ADDRESS COUNT SECONDS SERVER_PID");
  signal(SIGPIPE, SIG_IGN);
  server_pid = atoi(arguments[5]);
  const char *test = arguments[1];
  meter_start(seconds);
  if (strcmp(test, "send") == 0) bulk(true, work);
  else if (strcmp(test, "recv") == 0) bulk(false, work);
  else if (strcmp(test, "pp") == 0) ping_pong();
  else if (strcmp(test, "udp") == 0) datagrams(work);
  else if (strcmp(test, "conn") == 0) connections(work);
  else fail("there is no test %s", test);
  report();
  return 0;
}
