package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const durationName = "http_server_request_duration_seconds"

var bounds = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.3, 0.5, 1, 2.5, 5, 10}

// metrics are by route, never by path: a stranger can't make series.
type metrics struct {
	lock   sync.Mutex
	series map[string]*series
	order  []string
}

type series struct {
	counts []uint64
	count  uint64
	sum    float64
}

func newMetrics() *metrics {
	return &metrics{series: map[string]*series{}}
}

func (m *metrics) observe(method, route string, status int, seconds float64) {
	labels := fmt.Sprintf("method=%q,route=%q,status=\"%d\"", method, route, status)
	m.lock.Lock()
	defer m.lock.Unlock()
	found := m.series[labels]
	if found == nil {
		found = &series{counts: make([]uint64, len(bounds))}
		m.series[labels] = found
		m.order = append(m.order, labels)
	}
	found.count++
	found.sum += seconds
	for index, bound := range bounds {
		if seconds <= bound {
			found.counts[index]++
		}
	}
}

// exposition is the text that Prometheus reads.
func (m *metrics) exposition() string {
	var out strings.Builder
	fmt.Fprintf(&out, "# HELP %s Time from request to answer.\n# TYPE %s histogram\n", durationName, durationName)
	m.lock.Lock()
	for _, labels := range m.order {
		each := m.series[labels]
		for index, bound := range bounds {
			fmt.Fprintf(&out, "%s_bucket{%s,le=\"%g\"} %d\n", durationName, labels, bound, each.counts[index])
		}
		fmt.Fprintf(&out, "%s_bucket{%s,le=\"+Inf\"} %d\n", durationName, labels, each.count)
		fmt.Fprintf(&out, "%s_sum{%s} %g\n%s_count{%s} %d\n", durationName, labels, each.sum, durationName, labels, each.count)
	}
	m.lock.Unlock()
	fmt.Fprintf(&out, "# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total %g\n", cpuSeconds())
	fmt.Fprintf(&out, "# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes %d\n", residentBytes())
	return out.String()
}

func cpuSeconds() float64 {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()).Seconds()
}

func residentBytes() int {
	statm, err := os.ReadFile("/proc/self/statm")
	fields := strings.Fields(string(statm))
	if err != nil || len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.Atoi(fields[1])
	return pages * os.Getpagesize()
}
