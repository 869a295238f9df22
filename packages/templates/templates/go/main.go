// Command __NAME__ serves until SIGTERM: then it is no longer ready, finishes what it has begun, and ends with 0.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

func main() {
	config, problems := readConfig(os.Getenv)
	if len(problems) > 0 {
		fmt.Fprintln(os.Stderr, strings.Join(problems, "\n"))
		os.Exit(2)
	}
	if err := run(config, newLog(os.Stdout, config.logLevel)); err != nil {
		os.Exit(1)
	}
}

func run(config config, log *slog.Logger) error {
	address := net.JoinHostPort(config.host, fmt.Sprint(config.port))
	listener, err := net.Listen("tcp", address)
	if err != nil {
		log.Error("can't listen on "+address, "error", err.Error())
		return err
	}
	var isStopping atomic.Bool
	server := &http.Server{
		Handler:           newHandler(routes(), log, &isStopping),
		ReadHeaderTimeout: 10 * time.Second,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer cancel()
	stopped := make(chan error, 1)
	go func() {
		<-stop.Done()
		log.Info("stopping")
		isStopping.Store(true)
		within, done := context.WithTimeout(context.Background(), config.shutdown*8/10)
		defer done()
		stopped <- server.Shutdown(within)
	}()
	log.Info("listening", "address", address)
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		log.Error("serving ended", "error", err.Error())
		return err
	}
	if err := <-stopped; err != nil {
		log.Warn("requests were cut because the time for shutting down was over")
	}
	log.Info("stopped")
	return nil
}
