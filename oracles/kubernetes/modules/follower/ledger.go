package main

import (
	"context"
	"strconv"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// ledger holds what was seen of each object. The changes of one object are numbered from 1 on, its deletion is the last.
type ledger struct {
	mutex   sync.Mutex
	last    map[string]int
	seen    int
	missed  int
	twice   int
	changes int
	done    chan struct{}
}

type report struct {
	Library    string  `json:"library"`
	Changes    int     `json:"changes"`
	Seen       int     `json:"seen"`
	Missed     int     `json:"missed"`
	Twice      int     `json:"twice"`
	Reconnects int     `json:"reconnects"`
	Seconds    float64 `json:"seconds"`
}

func newLedger(changes int) *ledger {
	return &ledger{last: map[string]int{}, changes: changes, done: make(chan struct{})}
}

// changed takes in an addition or an update.
func (l *ledger) changed(object any) {
	if config, ok := object.(*corev1.ConfigMap); ok {
		if number, err := strconv.Atoi(config.Data["number"]); err == nil {
			l.note(config.Name, number)
		}
	}
}

// deleted takes in a deletion: the change after the last one that could be seen.
func (l *ledger) deleted(object any) {
	if config, ok := object.(*corev1.ConfigMap); ok {
		l.note(config.Name, changesOfObject)
		return
	}
	// The library itself says that it missed the last state.
	l.mutex.Lock()
	l.missed++
	l.mutex.Unlock()
}

func (l *ledger) note(name string, number int) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	before := l.last[name]
	switch {
	case number <= before:
		l.twice++
		return
	case number > before+1:
		l.missed += number - before - 1
	}
	l.last[name] = number
	l.seen++
	if l.seen+l.missed == l.changes {
		close(l.done)
	}
}

func (l *ledger) wait(ctx context.Context) {
	select {
	case <-l.done:
		// What comes twice would come now.
		time.Sleep(time.Second)
	case <-ctx.Done():
	}
}

func (l *ledger) report(library string, reconnects int, took time.Duration) *report {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return &report{library, l.changes, l.seen, l.missed, l.twice, reconnects, took.Seconds()}
}
