/* The services of bench/network on lwIP, by its callbacks, one thread:  lwip TAP ADDRESS
 * TCP: echo 7, discard 9, chargen 19, a page on 80. UDP: echo 7. Ends at a signal. The TAP gives and takes one frame a
 * call: lwIP has no segmentation offload, and computes its checksums. */
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "lwip/etharp.h"
#include "lwip/init.h"
#include "lwip/tcp.h"
#include "lwip/timeouts.h"
#include "lwip/udp.h"
#include "netif/ethernet.h"

enum { ECHO = 7, DISCARD = 9, CHARGEN = 19, HTTP = 80, MTU = 1500, FRAME_MAX = 2048, BACKLOG = 255, BURST = 64 };

/* 'echo' is what came and is still to be sent, of which 'offset' bytes of the first buffer have been. */
struct flow {
  int port, pages;
  bool finished;
  struct pbuf *echo;
  u16_t offset;
  unsigned last_four; /* Bytes of a request, to see its empty line in. */
};

static int tap;
static char pattern[32 << 10];
static const char page[] =
  "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!";

static err_t write_frame(struct netif *interface, struct pbuf *frame) {
  char copy[FRAME_MAX];
  (void)interface;
  void *bytes = frame->payload;
  if (frame->len != frame->tot_len) pbuf_copy_partial(frame, bytes = copy, frame->tot_len, 0);
  return write(tap, bytes, frame->tot_len) < 0 ? ERR_BUF : ERR_OK;
}

static err_t open_interface(struct netif *interface) {
  static const u8_t hardware_address[] = {2, 0, 0, 0, 0, 2};
  interface->output = etharp_output;
  interface->linkoutput = write_frame;
  interface->mtu = MTU;
  interface->hwaddr_len = sizeof hardware_address;
  memcpy(interface->hwaddr, hardware_address, sizeof hardware_address);
  interface->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP;
  return ERR_OK;
}

static void send_echo(struct tcp_pcb *pcb, struct flow *flow) {
  while (flow->echo) {
    struct pbuf *first = flow->echo;
    u16_t size = LWIP_MIN(first->len - flow->offset, tcp_sndbuf(pcb));
    if (size == 0 || tcp_write(pcb, (char *)first->payload + flow->offset, size, TCP_WRITE_FLAG_COPY) != ERR_OK) return;
    tcp_recved(pcb, size); /* The window opens as the echo leaves, or a peer that does not read would fill us. */
    flow->offset += size;
    if (flow->offset < first->len) continue;
    flow->offset = 0;
    flow->echo = first->next;
    if (flow->echo) pbuf_ref(flow->echo);
    pbuf_free(first);
  }
}

static void send_more(struct tcp_pcb *pcb, struct flow *flow) {
  if (flow->port == ECHO) send_echo(pcb, flow);
  while (flow->port == CHARGEN && tcp_sndbuf(pcb) >= TCP_MSS) {
    u16_t size = LWIP_MIN(tcp_sndbuf(pcb), sizeof pattern);
    if (tcp_write(pcb, pattern, size, 0) != ERR_OK) break;
  }
  while (flow->pages > 0 && tcp_sndbuf(pcb) >= sizeof page && tcp_write(pcb, page, sizeof page - 1, 0) == ERR_OK)
    flow->pages--;
  tcp_output(pcb);
}

/* ERR_ABRT tells lwIP, from a callback, that the control block is gone. */
static err_t end(struct tcp_pcb *pcb, struct flow *flow) {
  tcp_arg(pcb, NULL);
  tcp_recv(pcb, NULL);
  tcp_sent(pcb, NULL);
  tcp_poll(pcb, NULL, 0);
  tcp_err(pcb, NULL);
  if (flow->echo) pbuf_free(flow->echo);
  free(flow);
  if (tcp_close(pcb) == ERR_OK) return ERR_OK;
  tcp_abort(pcb);
  return ERR_ABRT;
}

static err_t sent_or_polled(struct tcp_pcb *pcb, struct flow *flow) {
  send_more(pcb, flow);
  return flow->finished && !flow->echo && flow->pages == 0 ? end(pcb, flow) : ERR_OK;
}

static err_t on_sent(void *flow, struct tcp_pcb *pcb, u16_t size) {
  (void)size;
  return sent_or_polled(pcb, flow);
}

static err_t on_poll(void *flow, struct tcp_pcb *pcb) { return sent_or_polled(pcb, flow); }

static void count_requests(struct flow *flow, const struct pbuf *data) {
  for (; data; data = data->next)
    for (u16_t i = 0; i < data->len; i++) {
      flow->last_four = flow->last_four << 8 | ((u8_t *)data->payload)[i];
      if (flow->last_four == 0x0d0a0d0a) flow->pages++;
    }
}

static err_t on_receive(void *argument, struct tcp_pcb *pcb, struct pbuf *data, err_t error) {
  struct flow *flow = argument;
  (void)error;
  if (!data) flow->finished = true;
  else if (flow->port == ECHO && flow->echo) pbuf_cat(flow->echo, data);
  else if (flow->port == ECHO) flow->echo = data;
  else {
    if (flow->port == HTTP) count_requests(flow, data);
    tcp_recved(pcb, data->tot_len);
    pbuf_free(data);
    if (flow->port == DISCARD) return ERR_OK;
  }
  return sent_or_polled(pcb, flow);
}

static void on_error(void *argument, err_t error) {
  struct flow *flow = argument;
  (void)error;
  if (flow->echo) pbuf_free(flow->echo);
  free(flow);
}

static err_t on_accept(void *port, struct tcp_pcb *pcb, err_t error) {
  if (error != ERR_OK) return error;
  struct flow *flow = calloc(1, sizeof *flow);
  flow->port = *(const int *)port;
  tcp_nagle_disable(pcb);
  tcp_arg(pcb, flow);
  tcp_recv(pcb, on_receive);
  tcp_sent(pcb, on_sent);
  tcp_poll(pcb, on_poll, 2);
  tcp_err(pcb, on_error);
  if (flow->port == CHARGEN) send_more(pcb, flow);
  return ERR_OK;
}

static void on_datagram(void *none, struct udp_pcb *pcb, struct pbuf *data, const ip_addr_t *source, u16_t port) {
  (void)none;
  udp_sendto(pcb, data, source, port);
  pbuf_free(data);
}

static void open_ports(void) {
  static const int ports[] = {ECHO, DISCARD, CHARGEN, HTTP};
  for (int i = 0; i < 4; i++) {
    struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_V4);
    tcp_bind(pcb, IP4_ADDR_ANY, ports[i]);
    pcb = tcp_listen_with_backlog(pcb, BACKLOG);
    tcp_arg(pcb, (void *)&ports[i]);
    tcp_accept(pcb, on_accept);
  }
  struct udp_pcb *echo = udp_new_ip_type(IPADDR_TYPE_V4);
  udp_bind(echo, IP4_ADDR_ANY, ECHO);
  udp_recv(echo, on_datagram, NULL);
}

static bool read_frame(struct netif *interface) {
  char frame[FRAME_MAX];
  ssize_t size = read(tap, frame, sizeof frame);
  if (size <= 0) return false;
  struct pbuf *data = pbuf_alloc(PBUF_RAW, size, PBUF_RAM);
  if (data && pbuf_take(data, frame, size) == ERR_OK && interface->input(data, interface) != ERR_OK) pbuf_free(data);
  return true;
}

int main(int count, char **arguments) {
  ip4_addr_t address, mask, none = {0};
  if (count != 3 || !ip4addr_aton(arguments[2], &address)) return 64;
  IP4_ADDR(&mask, 255, 255, 255, 0);
  struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
  snprintf(request.ifr_name, sizeof request.ifr_name, "%s", arguments[1]);
  tap = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
  if (tap < 0 || ioctl(tap, TUNSETIFF, &request) < 0) {
    perror("/dev/net/tun");
    return 1;
  }
  static struct netif interface;
  lwip_init(); /* Without its own thread, which tcpip_init would start. */
  netif_add(&interface, &address, &mask, &none, NULL, open_interface, ethernet_input);
  netif_set_default(&interface);
  netif_set_up(&interface);
  open_ports();
  for (;;) {
    int frames = 0;
    while (frames < BURST && read_frame(&interface)) frames++;
    sys_check_timeouts();
    if (frames < BURST) {
      struct pollfd readable = {.fd = tap, .events = POLLIN};
      poll(&readable, 1, LWIP_MIN(sys_timeouts_sleeptime(), 100));
    }
  }
}
