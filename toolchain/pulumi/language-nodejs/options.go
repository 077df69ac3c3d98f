package main

import (
	"encoding/json"
	"fmt"

	"github.com/google/shlex"
	"github.com/pulumi/pulumi/sdk/v3/nodejs/npm"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// options are those of `runtime.options` in Pulumi.yaml.
type options struct {
	TypeScript     bool                   `json:"typescript"`
	TSConfig       string                 `json:"tsconfig"`
	NodeArguments  string                 `json:"nodeargs"`
	PackageManager npm.PackageManagerType `json:"packagemanager"`
}

func parseOptions(info *pulumirpc.ProgramInfo) (options, error) {
	parsed := options{TypeScript: true, PackageManager: npm.AutoPackageManager}
	source, err := json.Marshal(info.GetOptions().AsMap())
	if err != nil {
		return parsed, err
	}
	if err := json.Unmarshal(source, &parsed); err != nil {
		return parsed, fmt.Errorf("runtime.options: %w", err)
	}
	return parsed, nil
}

func (options options) nodeArguments() ([]string, error) {
	arguments, err := shlex.Split(options.NodeArguments)
	if err != nil {
		return nil, fmt.Errorf("runtime.options.nodeargs: %q: %w", options.NodeArguments, err)
	}
	return arguments, nil
}

func (options options) environment() []string {
	var environment []string
	if options.TypeScript {
		environment = append(environment, "PULUMI_NODEJS_TYPESCRIPT=true")
	}
	if options.TSConfig != "" {
		environment = append(environment, "PULUMI_NODEJS_TSCONFIG_PATH="+options.TSConfig)
	}
	return environment
}
