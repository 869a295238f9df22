package main

import (
	"io"
	"net"
	"net/url"
	"sync/atomic"
	"time"
)

// cuttingProxy passes bytes on, and ends every connection after some time as a network does: without a word.
type cuttingProxy struct {
	listener net.Listener
	target   string
	lifetime time.Duration
	count    atomic.Int64
}

func startCuttingProxy(server string, lifetime time.Duration) (*cuttingProxy, error) {
	address, err := url.Parse(server)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	proxy := &cuttingProxy{listener: listener, target: address.Host, lifetime: lifetime}
	go proxy.accept()
	return proxy, nil
}

func (p *cuttingProxy) url() string { return "https://" + p.listener.Addr().String() }

func (p *cuttingProxy) cuts() int { return int(p.count.Load()) }

func (p *cuttingProxy) close() { _ = p.listener.Close() }

func (p *cuttingProxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		go p.pass(client)
	}
}

func (p *cuttingProxy) pass(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		return
	}
	defer server.Close()
	go func() { _, _ = io.Copy(server, client) }()
	done := make(chan struct{})
	go func() {
		_, _ = io.Copy(client, server)
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(p.lifetime):
		p.count.Add(1)
	}
}
