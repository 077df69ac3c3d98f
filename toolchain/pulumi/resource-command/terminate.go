package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// terminate asks the command and all its descendants to end, and kills what is left after the grace.
func terminate(pid int) error {
	groups := processGroups(pid)
	for _, group := range groups {
		_ = syscall.Kill(-group, syscall.SIGTERM)
	}
	deadline := time.Now().Add(terminationGrace)
	for time.Now().Before(deadline) && anyAlive(groups) {
		time.Sleep(50 * time.Millisecond)
	}
	for _, group := range groups {
		_ = syscall.Kill(-group, syscall.SIGKILL)
	}
	return nil
}

// anyAlive tells whether a group has members; the ended command itself, not yet waited for, is one.
func anyAlive(groups []int) bool {
	for _, group := range groups {
		for _, process := range processes() {
			if process.group == group && process.state != 'Z' {
				return true
			}
		}
	}
	return false
}

// processGroups are those of a process and its descendants, its own first.
func processGroups(pid int) []int {
	all := processes()
	groups := []int{pid}
	seen := map[int]bool{pid: true}
	for members := []int{pid}; len(members) > 0; members = members[1:] {
		for _, process := range all {
			if process.parent != members[0] {
				continue
			}
			members = append(members, process.pid)
			if !seen[process.group] {
				seen[process.group] = true
				groups = append(groups, process.group)
			}
		}
	}
	return groups
}

type process struct {
	pid, parent, group int
	state              byte
}

func processes() []process {
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	var found []process
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		if process, err := parseStat(source); err == nil {
			found = append(found, process)
		}
	}
	return found
}

// parseStat reads "pid (name) state parent group …"; the name may hold spaces and parentheses.
func parseStat(source []byte) (process, error) {
	end := bytes.LastIndexByte(source, ')')
	start := bytes.IndexByte(source, ' ')
	fields := bytes.Fields(source[end+1:])
	if end < 0 || start < 0 || len(fields) < 3 {
		return process{}, errors.New("not a process status")
	}
	var parsed process
	var errs [3]error
	parsed.pid, errs[0] = strconv.Atoi(string(source[:start]))
	parsed.parent, errs[1] = strconv.Atoi(string(fields[1]))
	parsed.group, errs[2] = strconv.Atoi(string(fields[2]))
	parsed.state = fields[0][0]
	return parsed, errors.Join(errs[:]...)
}
