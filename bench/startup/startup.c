/* How long after the start of its process does a web server give its first byte?
 *
 *   startup RUNS PORT PROGRAM ARGUMENT...
 *
 * Starts PROGRAM, connects to 127.0.0.1:PORT over and over until that succeeds, asks for '/', and stops the clock at
 * the first byte of the answer; RUNS times, after one run that is thrown away. Prints the median, the least and the
 * most in ms. The clock starts before the fork. An answer that is not 'HTTP/1.1 200', or none within 5 s, is a failure:
 * exit code 1. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RUNS_MAX = 1000, PATIENCE_MS = 5000, BETWEEN_TRIES_US = 100 };

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static pid_t start(char **command) {
  pid_t child = fork();
  if (child != 0) return child;
  int null = open("/dev/null", O_WRONLY);
  dup2(null, STDOUT_FILENO);
  execv(command[0], command);
  perror(command[0]);
  _exit(127);
}

/* A socket with the request sent, or -1 while the server is not there. */
static int ask(int port) {
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(port)};
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  static const char request[] = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  if (descriptor >= 0 && connect(descriptor, (struct sockaddr *)&server, sizeof server) == 0 &&
      write(descriptor, request, sizeof request - 1) == sizeof request - 1)
    return descriptor;
  if (descriptor >= 0) close(descriptor);
  return -1;
}

static void stop(pid_t child) {
  kill(child, SIGTERM);
  for (int tries = 0; tries < 200; tries++) {
    if (waitpid(child, NULL, WNOHANG) == child) return;
    usleep(10000);
  }
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
}

/* Milliseconds from before the fork to the first byte, or a negative number. */
static double measure(int port, char **command) {
  double started = now_ms(), elapsed = -1;
  pid_t child = start(command);
  int descriptor = -1;
  while ((descriptor = ask(port)) < 0 && now_ms() - started < PATIENCE_MS) usleep(BETWEEN_TRIES_US);
  struct pollfd answer = {.fd = descriptor, .events = POLLIN};
  if (descriptor >= 0 && poll(&answer, 1, PATIENCE_MS) == 1) {
    char line[12];
    elapsed = now_ms() - started;
    if (recv(descriptor, line, sizeof line, MSG_WAITALL) != sizeof line ||
        memcmp(line, "HTTP/1.1 200", sizeof line) != 0)
      elapsed = -1;
  }
  if (descriptor >= 0) close(descriptor);
  stop(child);
  return elapsed;
}

static int ascending(const void *left, const void *right) {
  double difference = *(const double *)left - *(const double *)right;
  return (difference > 0) - (difference < 0);
}

int main(int count, char **arguments) {
  int runs = count > 3 ? atoi(arguments[1]) : 0, port = count > 3 ? atoi(arguments[2]) : 0;
  if (runs < 1 || runs > RUNS_MAX || port < 1) {
    fprintf(stderr, "usage: startup RUNS PORT PROGRAM ARGUMENT...\n");
    return 64;
  }
  signal(SIGPIPE, SIG_IGN);
  double times[RUNS_MAX];
  for (int run = -1; run < runs; run++) {
    double elapsed = measure(port, arguments + 3);
    if (elapsed < 0) {
      fprintf(stderr, "no answer in run %d\n", run);
      return 1;
    }
    if (run >= 0) times[run] = elapsed;
  }
  qsort(times, runs, sizeof *times, ascending);
  printf("median %.1f ms, least %.1f, most %.1f, of %d\n", times[runs / 2], times[0], times[runs - 1], runs);
  return 0;
}
