package main

import (
	"context"
	"errors"

	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"google.golang.org/protobuf/types/known/structpb"
)

// execution is one create, update, delete or function call.
type execution struct {
	urn    resource.URN
	inputs *structpb.Struct
	// state is the resource before; nil where there was none.
	state   *structpb.Struct
	command func(inputs) *string
	preview bool
}

// outputs runs the command, if there is one, and returns the inputs with stdout and stderr, which are
// secret where any input is. A preview runs nothing; its stdout and stderr are unknown.
func (provider *commandProvider) outputs(ctx context.Context, execution execution) (*structpb.Struct, error) {
	properties, err := unmarshal(execution.inputs)
	if err != nil {
		return nil, err
	}
	inputs, err := decodeInputs(execution.inputs)
	if err != nil {
		return nil, err
	}
	var written output
	if err := decode(execution.state, &written); err != nil {
		return nil, err
	}

	command := execution.command(inputs)
	if command != nil && !execution.preview {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(provider.ctx, cancel)()
		secrets := secretTexts(properties)
		log := func(lines string) {
			// What cannot be shown is no reason to stop the command.
			_ = provider.host.LogStatus(ctx, diag.Info, execution.urn, secrets.Replace(lines))
		}
		if written, err = run(ctx, inputs, *command, written, log); err != nil {
			return nil, errors.New(secrets.Replace(err.Error()))
		}
	}

	secret := properties.ContainsSecrets()
	for name, text := range map[resource.PropertyKey]string{"stdout": written.Stdout, "stderr": written.Stderr} {
		value := resource.NewProperty(text)
		if execution.preview {
			value = resource.MakeComputed(value)
		}
		if secret {
			value = resource.MakeSecret(value)
		}
		properties[name] = value
	}
	return plugin.MarshalProperties(properties, plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true, SkipNulls: true})
}
