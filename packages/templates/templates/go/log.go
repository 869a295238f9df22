package main

import (
	"crypto/rand"
	"encoding/hex"
	"io"
	"log/slog"
	"regexp"
	"strings"
)

// newLog writes one JSON object a line, where the platform collects it.
func newLog(out io.Writer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{
		Level: level,
		ReplaceAttr: func(groups []string, each slog.Attr) slog.Attr {
			switch {
			case len(groups) == 0 && each.Key == slog.MessageKey:
				each.Key = "message"
			case len(groups) == 0 && each.Key == slog.LevelKey:
				each.Value = slog.StringValue(strings.ToLower(each.Value.String()))
			}
			return each
		},
	}))
}

var traceparent = regexp.MustCompile(`^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$`)

// traceID is the trace of a W3C traceparent, or a new one.
func traceID(header string) string {
	found := traceparent.FindStringSubmatch(header)
	if found != nil && strings.Trim(found[1], "0") != "" {
		return found[1]
	}
	id := make([]byte, 16)
	_, _ = rand.Read(id)
	return hex.EncodeToString(id)
}
