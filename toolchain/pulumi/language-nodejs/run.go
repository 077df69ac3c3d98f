package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// exitAfterMessage is how @pulumi/pulumi's runner says that it has told the user what went wrong.
const exitAfterMessage = 32

// interruptGrace is how long an interrupted program may take to end by itself.
const interruptGrace = 5 * time.Second

func (host *languageHost) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	bail, err := host.runProgram(ctx, request)
	if err != nil {
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}
	return &pulumirpc.RunResponse{Bail: bail}, nil
}

func (host *languageHost) runProgram(ctx context.Context, request *pulumirpc.RunRequest) (bail bool, err error) {
	info := request.GetInfo()
	if request.GetAttachDebugger() {
		return false, errors.New("this language host cannot attach a debugger: set runtime.options.nodeargs to --inspect-brk instead")
	}
	options, err := parseOptions(info)
	if err != nil {
		return false, err
	}
	config, err := programConfig(request)
	if err != nil {
		return false, err
	}
	runner, err := locateRunner(info.GetProgramDirectory())
	if err != nil {
		return false, err
	}
	arguments, err := options.nodeArguments()
	if err != nil {
		return false, err
	}
	arguments = append(append(arguments, runner), host.runnerArguments(request)...)

	program := command(ctx, host.ctx, arguments)
	program.Env = append(append(os.Environ(), config...), options.environment()...)
	// Node.js may switch a descriptor it inherits to non-blocking; a pipe of its own leaves ours alone.
	program.Stdout = struct{ io.Writer }{os.Stdout}
	program.Stderr = struct{ io.Writer }{os.Stderr}

	err = program.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return false, nil
	case !errors.As(err, &exit):
		return false, fmt.Errorf("cannot run node: %w", err)
	case exit.ExitCode() == exitAfterMessage:
		return true, nil
	case exit.ExitCode() < 0:
		return false, fmt.Errorf("Program exited unexpectedly: %s", exit.ProcessState)
	default:
		return false, fmt.Errorf("Program exited with non-zero exit code: %d", exit.ExitCode())
	}
}

func (host *languageHost) runnerArguments(request *pulumirpc.RunRequest) []string {
	info := request.GetInfo()
	var arguments []string
	for _, option := range [][2]string{
		{"--monitor", request.GetMonitorAddress()},
		{"--engine", host.engine},
		{"--organization", request.GetOrganization()},
		{"--project", request.GetProject()},
		{"--stack", request.GetStack()},
		{"--root-directory", info.GetRootDirectory()},
		{"--pwd", info.GetProgramDirectory()},
		{"--parallel", strconv.Itoa(int(request.GetParallel()))},
	} {
		if option[1] != "" {
			arguments = append(arguments, option[0], option[1])
		}
	}
	if request.GetDryRun() {
		arguments = append(arguments, "--dry-run")
	}
	return append(append(arguments, info.GetEntryPoint()), request.GetArgs()...)
}

// programConfig is the stack's configuration as the runner expects it in its environment.
func programConfig(request *pulumirpc.RunRequest) ([]string, error) {
	config := map[string]string{}
	for key, value := range request.GetConfig() {
		config[key] = value
	}
	values, err := json.Marshal(config)
	if err != nil {
		return nil, err
	}
	secretKeys, err := json.Marshal(append([]string{}, request.GetConfigSecretKeys()...))
	if err != nil {
		return nil, err
	}
	return []string{"PULUMI_CONFIG=" + string(values), "PULUMI_CONFIG_SECRET_KEYS=" + string(secretKeys)}, nil
}

// command is `node ARGUMENTS`, interrupted when either context ends.
func command(request, host context.Context, arguments []string) *exec.Cmd {
	ctx, cancel := context.WithCancel(request)
	context.AfterFunc(host, cancel)
	command := exec.CommandContext(ctx, "node", arguments...)
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = interruptGrace
	return command
}

// locateRunner finds the runner that @pulumi/pulumi brings, in node_modules of the program's directory or of one above it, as
// Node.js does; asking Node.js itself takes longer.
func locateRunner(programDirectory string) (string, error) {
	directory, err := filepath.EvalSymlinks(programDirectory)
	if err != nil {
		return "", err
	}
	for {
		found, err := filepath.EvalSymlinks(filepath.Join(directory, "node_modules/@pulumi/pulumi/cmd/run/index.js"))
		if err == nil {
			return found, nil
		}
		above := filepath.Dir(directory)
		if above == directory {
			manifest := filepath.Join(programDirectory, "package.json")
			return "", fmt.Errorf("the package @pulumi/pulumi of %s is not installed: run npm install", manifest)
		}
		directory = above
	}
}
