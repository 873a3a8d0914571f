// The services of bench/network on gVisor's netstack: gvisor DEVICE ADDRESS
// TCP: echo 7, discard 9, chargen 19, a page on 80. UDP: echo 7. Ends at a signal. Frames come and go by a packet
// socket: many a call are read, and the kernel segments what is longer than the MTU.
package main

import (
	"bytes"
	"io"
	"log"
	"net"
	"os"

	"golang.org/x/sys/unix"
	gvisorlog "gvisor.dev/gvisor/pkg/log"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/adapters/gonet"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/link/fdbased"
	"gvisor.dev/gvisor/pkg/tcpip/network/arp"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/tcpip/transport/udp"
)

const (
	nic           = 1
	mtu           = 1500
	longestFrame  = 65000
	socketBuffer  = 4 << 20
	defaultWindow = 1 << 20
	largestWindow = 6 << 20
	flowBuffer    = 128 << 10

	packetIgnoreOutgoing = 23 // PACKET_IGNORE_OUTGOING, packet(7): what we send ourselves is not to come back.
)

var page = []byte("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!")

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// The errors of the stack are no errors of Go.
func checkStack(err tcpip.Error) {
	if err != nil {
		log.Fatal(err)
	}
}

func openPacketSocket(device *net.Interface) int {
	everything := uint16(unix.ETH_P_ALL)<<8 | uint16(unix.ETH_P_ALL)>>8 // in network order
	descriptor, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, int(everything))
	check(err)
	check(unix.SetsockoptInt(descriptor, unix.SOL_PACKET, unix.PACKET_VNET_HDR, 1))
	check(unix.SetsockoptInt(descriptor, unix.SOL_PACKET, packetIgnoreOutgoing, 1))
	check(unix.SetsockoptInt(descriptor, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, socketBuffer))
	check(unix.SetsockoptInt(descriptor, unix.SOL_SOCKET, unix.SO_SNDBUFFORCE, socketBuffer))
	check(unix.Bind(descriptor, &unix.SockaddrLinklayer{Protocol: everything, Ifindex: device.Index}))
	return descriptor
}

func openStack(device *net.Interface, address tcpip.Address) *stack.Stack {
	link, err := fdbased.New(&fdbased.Options{
		FDs: []int{openPacketSocket(device)}, MTU: mtu, EthernetHeader: true,
		Address: tcpip.LinkAddress(device.HardwareAddr), GSOMaxSize: longestFrame,
		PacketDispatchMode: fdbased.RecvMMsg, RXChecksumOffload: true,
	})
	check(err)
	opened := stack.New(stack.Options{
		NetworkProtocols:   []stack.NetworkProtocolFactory{ipv4.NewProtocol, arp.NewProtocol},
		TransportProtocols: []stack.TransportProtocolFactory{tcp.NewProtocol, udp.NewProtocol},
	})
	// As runsc sets them: SACK, and buffers that grow.
	sack, moderate := tcpip.TCPSACKEnabled(true), tcpip.TCPModerateReceiveBufferOption(true)
	receive := tcpip.TCPReceiveBufferSizeRangeOption{Min: 4096, Default: defaultWindow, Max: largestWindow}
	send := tcpip.TCPSendBufferSizeRangeOption{Min: 4096, Default: defaultWindow, Max: largestWindow}
	checkStack(opened.SetTransportProtocolOption(tcp.ProtocolNumber, &sack))
	checkStack(opened.SetTransportProtocolOption(tcp.ProtocolNumber, &moderate))
	checkStack(opened.SetTransportProtocolOption(tcp.ProtocolNumber, &receive))
	checkStack(opened.SetTransportProtocolOption(tcp.ProtocolNumber, &send))
	checkStack(opened.CreateNIC(nic, link))
	checkStack(opened.AddProtocolAddress(nic, tcpip.ProtocolAddress{
		Protocol:          ipv4.ProtocolNumber,
		AddressWithPrefix: tcpip.AddressWithPrefix{Address: address, PrefixLen: 24},
	}, stack.AddressProperties{}))
	opened.SetRouteTable([]tcpip.Route{{Destination: header.IPv4EmptySubnet, NIC: nic}})
	return opened
}

func echo(flow net.Conn) {
	buffer := make([]byte, flowBuffer)
	for {
		size, err := flow.Read(buffer)
		if err != nil {
			return
		}
		if _, err := flow.Write(buffer[:size]); err != nil {
			return
		}
	}
}

func discard(flow net.Conn) {
	buffer := make([]byte, flowBuffer)
	for {
		if _, err := flow.Read(buffer); err != nil {
			return
		}
	}
}

func chargen(flow net.Conn) {
	pattern := bytes.Repeat([]byte("0123456789abcdef"), flowBuffer/16)
	for {
		if _, err := flow.Write(pattern); err != nil {
			return
		}
	}
}

// Requests end in an empty line; what wrk sends comes whole.
func pages(flow net.Conn) {
	buffer := make([]byte, 4096)
	for {
		size, err := flow.Read(buffer)
		if err != nil {
			return
		}
		requests := bytes.Count(buffer[:size], []byte("\r\n\r\n"))
		if _, err := flow.Write(bytes.Repeat(page, requests)); err != nil {
			return
		}
	}
}

func serve(listener net.Listener, service func(net.Conn)) {
	for {
		flow, err := listener.Accept()
		check(err)
		go func() {
			defer flow.Close()
			service(flow)
		}()
	}
}

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: gvisor DEVICE ADDRESS")
	}
	device, err := net.InterfaceByName(os.Args[1])
	check(err)
	gvisorlog.SetTarget(&gvisorlog.GoogleEmitter{Writer: &gvisorlog.Writer{Next: io.Discard}})
	address := tcpip.Address(net.ParseIP(os.Args[2]).To4())
	opened := openStack(device, address)
	services := map[uint16]func(net.Conn){7: echo, 9: discard, 19: chargen, 80: pages}
	for port, service := range services {
		own := tcpip.FullAddress{NIC: nic, Addr: address, Port: port}
		listener, err := gonet.ListenTCP(opened, own, ipv4.ProtocolNumber)
		check(err)
		go serve(listener, service)
	}
	own := tcpip.FullAddress{NIC: nic, Addr: address, Port: 7}
	datagrams, err := gonet.DialUDP(opened, &own, nil, ipv4.ProtocolNumber)
	check(err)
	buffer := make([]byte, 2048)
	for {
		size, source, err := datagrams.ReadFrom(buffer)
		check(err)
		datagrams.WriteTo(buffer[:size], source)
	}
}
