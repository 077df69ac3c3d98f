package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
)

// inputs are those of command:local:Command and, with Command, of command:local:run.
type inputs struct {
	Command                *string           `json:"command"`
	Create                 *string           `json:"create"`
	Update                 *string           `json:"update"`
	Delete                 *string           `json:"delete"`
	Interpreter            []string          `json:"interpreter"`
	Dir                    string            `json:"dir"`
	Environment            map[string]string `json:"environment"`
	Stdin                  string            `json:"stdin"`
	Logging                logging           `json:"logging"`
	AddPreviousOutputInEnv bool              `json:"addPreviousOutputInEnv"`
	AssetPaths             []string          `json:"assetPaths"`
	ArchivePaths           []string          `json:"archivePaths"`
}

// output is what a command wrote; it is read from a resource's state too.
type output struct {
	Stdout string `json:"stdout"`
	Stderr string `json:"stderr"`
}

// logging says what of a command's output the user sees while it runs.
type logging string

const (
	logStdout          logging = "stdout"
	logStderr          logging = "stderr"
	logStdoutAndStderr logging = "stdoutAndStderr"
	logNone            logging = "none"
)

func (logging logging) stdout() bool { return logging == logStdout || logging == logStdoutAndStderr }
func (logging logging) stderr() bool { return logging == logStderr || logging == logStdoutAndStderr }

// decode reads the known values, secret or not, into target.
func decode(properties *structpb.Struct, target any) error {
	known, err := plugin.UnmarshalProperties(properties, plugin.MarshalOptions{SkipNulls: true})
	if err != nil {
		return err
	}
	source, err := json.Marshal(known.Mappable())
	if err != nil {
		return err
	}
	return json.Unmarshal(source, target)
}

func decodeInputs(properties *structpb.Struct) (inputs, error) {
	decoded := inputs{Logging: logStdoutAndStderr, AddPreviousOutputInEnv: true}
	err := decode(properties, &decoded)
	return decoded, err
}

// failures says which inputs the plugin cannot take.
func failures(properties *structpb.Struct) []*pulumirpc.CheckFailure {
	inputs, err := decodeInputs(properties)
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) {
		return []*pulumirpc.CheckFailure{{
			Property: wrongType.Field,
			Reason:   fmt.Sprintf("a %s was given where a %s is needed", wrongType.Value, wrongType.Type),
		}}
	}
	if err != nil {
		return []*pulumirpc.CheckFailure{{Reason: err.Error()}}
	}

	var failures []*pulumirpc.CheckFailure
	switch inputs.Logging {
	case logStdout, logStderr, logStdoutAndStderr, logNone:
	default:
		failures = append(failures, &pulumirpc.CheckFailure{
			Property: "logging",
			Reason:   fmt.Sprintf("%q is not one of stdout, stderr, stdoutAndStderr, none", inputs.Logging),
		})
	}
	for name, paths := range map[string][]string{"assetPaths": inputs.AssetPaths, "archivePaths": inputs.ArchivePaths} {
		if len(paths) > 0 {
			failures = append(failures, &pulumirpc.CheckFailure{
				Property: name,
				Reason:   "this plugin returns no assets; let the command print the path, or use the official plugin",
			})
		}
	}
	return failures
}
