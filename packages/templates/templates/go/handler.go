package main

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// Larger bodies are refused with 413.
const bodyBytesMax = 1 << 20

type route struct {
	pattern string
	handle  func(*request) (reply, error)
}

type request struct {
	*http.Request
}

type reply struct {
	status int
	body   any
}

// A problem is an answer that is no success; returned from anywhere below a handler.
type problem struct {
	Status int    `json:"status"`
	Title  string `json:"title"`
}

func (p problem) Error() string { return p.Title }

func (r *request) readJSON(into any) error {
	err := json.NewDecoder(r.Body).Decode(into)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return problem{413, "the body is too large"}
	case errors.Is(err, io.EOF):
		return problem{400, "the request needs a body"}
	case err != nil:
		return problem{400, "the body is not the JSON that is expected"}
	}
	return nil
}

func newHandler(routes []route, log *slog.Logger, isStopping *atomic.Bool) http.Handler {
	measured := newMetrics()
	mux := http.NewServeMux()
	for _, each := range append(routes, route{"/", unknown}) {
		mux.Handle(each.pattern, endpoint(each, log, measured))
	}
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { send(w, 200, "text/plain", []byte("ok\n")) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if isStopping.Load() {
			send(w, 503, "text/plain", []byte("stopping\n"))
			return
		}
		send(w, 200, "text/plain", []byte("ok\n"))
	})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		send(w, 200, "text/plain; version=0.0.4", []byte(measured.exposition()))
	})
	return mux
}

func unknown(request *request) (reply, error) {
	return reply{}, problem{404, "there is no " + request.Method + " " + request.URL.Path}
}

func endpoint(each route, log *slog.Logger, measured *metrics) http.Handler {
	_, path, _ := strings.Cut(each.pattern, " ")
	if path == "" {
		path = "(none)"
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started, trace := time.Now(), traceID(r.Header.Get("traceparent"))
		r.Body = http.MaxBytesReader(w, r.Body, bodyBytesMax)
		answer, err := each.handle(&request{r})
		if err != nil {
			var found problem
			if !errors.As(err, &found) {
				log.Error("a request failed", "trace_id", trace, "error", err.Error())
				found = problem{500, "something went wrong here"}
			}
			answer.status = found.Status
			sendJSON(w, found.Status, "application/problem+json", found)
		} else {
			sendJSON(w, answer.status, "application/json", answer.body)
		}
		took := time.Since(started)
		measured.observe(r.Method, path, answer.status, took.Seconds())
		log.Debug("request", "method", r.Method, "path", r.URL.Path, "route", path, "status", answer.status,
			"ms", float64(took.Microseconds())/1000, "trace_id", trace)
	})
}

func sendJSON(w http.ResponseWriter, status int, kind string, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		status, text = 500, []byte(`{"status":500,"title":"the answer can't be written"}`)
	}
	send(w, status, kind, text)
}

func send(w http.ResponseWriter, status int, kind string, text []byte) {
	w.Header().Set("content-type", kind)
	w.WriteHeader(status)
	// Who has gone doesn't miss the answer.
	_, _ = w.Write(text)
}
