package main

import (
	"fmt"
	"log/slog"
	"strconv"
	"time"
)

type config struct {
	host     string
	port     uint64
	logLevel slog.Level
	shutdown time.Duration
}

// readConfig reads the environment and says everything that is wrong with it at once.
func readConfig(env func(string) string) (config, []string) {
	var problems []string
	text := func(name, otherwise string) string {
		if value := env(name); value != "" {
			return value
		}
		return otherwise
	}
	whole := func(name, otherwise string, most uint64) uint64 {
		value, err := strconv.ParseUint(text(name, otherwise), 10, 32)
		if err != nil || value > most {
			problems = append(problems, fmt.Sprintf("%s is %q, expected a whole number up to %d", name, env(name), most))
		}
		return value
	}
	levels := map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}
	level, known := levels[text("LOG_LEVEL", "info")]
	if !known {
		problems = append(problems, fmt.Sprintf("LOG_LEVEL is %q, expected debug, info, warn or error", env("LOG_LEVEL")))
	}
	return config{
		host:     text("HOST", "0.0.0.0"),
		port:     whole("PORT", "8080", 65535),
		logLevel: level,
		shutdown: time.Duration(whole("SHUTDOWN_SECONDS", "45", 3600)) * time.Second,
	}, problems
}
