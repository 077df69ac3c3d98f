package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// terminationGrace is how long a cancelled command may take to clean up.
const terminationGrace = 10 * time.Second

// run executes the command by its interpreter and hands its output, whole lines at a time, to log.
func run(ctx context.Context, inputs inputs, command string, previous output, log func(lines string)) (output, error) {
	interpreter := inputs.Interpreter
	if len(interpreter) == 0 {
		interpreter = []string{"/bin/sh", "-c"}
	}
	process := exec.CommandContext(ctx, interpreter[0], append(interpreter[1:len(interpreter):len(interpreter)], command)...)
	process.Dir = inputs.Dir
	process.Env = environment(inputs, previous)
	if inputs.Stdin != "" {
		process.Stdin = strings.NewReader(inputs.Stdin)
	}
	// A process group of its own, so that cancelling reaches all that the command started; and should
	// this plugin be killed, the kernel ends the command. That signal is tied to the thread.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	process.Cancel = func() error { return terminate(process.Process.Pid) }
	process.WaitDelay = terminationGrace + time.Second

	logged := newLineLog(log)
	var stdout, stderr bytes.Buffer
	both := &lockedWriter{}
	process.Stdout = writers(&stdout, both, logged, inputs.Logging.stdout())
	process.Stderr = writers(&stderr, both, logged, inputs.Logging.stderr())

	err := process.Run()
	logged.close()
	if errors.Is(err, syscall.E2BIG) {
		err = fmt.Errorf("%w: the command, its environment and the previous output are too long; set addPreviousOutputInEnv to false", err)
	}
	if ctx.Err() != nil {
		err = fmt.Errorf("cancelled: %w", err)
	}
	if err != nil {
		return output{}, fmt.Errorf("%w: running %q:\n%s", err, command, both.buffer.String())
	}
	return output{
		Stdout: strings.TrimSuffix(stdout.String(), "\n"),
		Stderr: strings.TrimSuffix(stderr.String(), "\n"),
	}, nil
}

func environment(inputs inputs, previous output) []string {
	environment := os.Environ()
	for name, value := range inputs.Environment {
		environment = append(environment, name+"="+value)
	}
	if inputs.AddPreviousOutputInEnv {
		if previous.Stdout != "" {
			environment = append(environment, "PULUMI_COMMAND_STDOUT="+previous.Stdout)
		}
		if previous.Stderr != "" {
			environment = append(environment, "PULUMI_COMMAND_STDERR="+previous.Stderr)
		}
	}
	return environment
}

func writers(captured, both, logged io.Writer, isLogged bool) io.Writer {
	if isLogged {
		return io.MultiWriter(captured, both, logged)
	}
	return io.MultiWriter(captured, both)
}

// lockedWriter gathers what stdout and stderr write at the same time.
type lockedWriter struct {
	mutex  sync.Mutex
	buffer bytes.Buffer
}

func (writer *lockedWriter) Write(data []byte) (int, error) {
	writer.mutex.Lock()
	defer writer.mutex.Unlock()
	return writer.buffer.Write(data)
}
