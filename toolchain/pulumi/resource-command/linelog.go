package main

import (
	"bytes"
	"sync"
)

// lineLog passes complete lines on from a goroutine of its own: a slow reader never holds the
// command up, it gets more lines at once instead.
type lineLog struct {
	mutex   sync.Mutex
	pending bytes.Buffer
	wake    chan struct{}
	done    chan struct{}
}

func newLineLog(log func(lines string)) *lineLog {
	lines := &lineLog{wake: make(chan struct{}, 1), done: make(chan struct{})}
	go func() {
		defer close(lines.done)
		for range lines.wake {
			if complete := lines.take(false); complete != "" {
				log(complete)
			}
		}
		if rest := lines.take(true); rest != "" {
			log(rest)
		}
	}()
	return lines
}

func (lines *lineLog) Write(data []byte) (int, error) {
	lines.mutex.Lock()
	lines.pending.Write(data)
	lines.mutex.Unlock()
	select {
	case lines.wake <- struct{}{}:
	default:
	}
	return len(data), nil
}

// take removes and returns the complete lines, or all there is, without the last newline.
func (lines *lineLog) take(all bool) string {
	lines.mutex.Lock()
	defer lines.mutex.Unlock()
	end := lines.pending.Len()
	if !all {
		end = bytes.LastIndexByte(lines.pending.Bytes(), '\n') + 1
	}
	return string(bytes.TrimSuffix(lines.pending.Next(end), []byte("\n")))
}

// close passes the rest on and returns when it has been logged.
func (lines *lineLog) close() {
	close(lines.wake)
	<-lines.done
}
