package main

import (
	"io"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

func TestRoutes(t *testing.T) {
	handler := newHandler(routes(), slog.New(slog.NewJSONHandler(io.Discard, nil)), &atomic.Bool{})
	for _, each := range []struct {
		method, path, body string
		status             int
		says               string
	}{
		{"GET", "/greetings/ann%20b", "", 200, "Hello, ann b"},
		{"POST", "/greetings", `{"name":"ann"}`, 201, "Hello, ann"},
		{"POST", "/greetings", `{}`, 400, "needs a name"},
		{"POST", "/greetings", `{`, 400, "JSON"},
		{"GET", "/nothing", "", 404, "there is no GET /nothing"},
	} {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, httptest.NewRequest(each.method, each.path, strings.NewReader(each.body)))
		if answer.Code != each.status || !strings.Contains(answer.Body.String(), each.says) {
			t.Errorf("%s %s %s: got %d %s, want %d with %q", each.method, each.path, each.body, answer.Code, answer.Body, each.status, each.says)
		}
	}
}
