package main

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/provider"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"
)

const (
	commandType = "command:local:Command"
	runFunction = "command:local:run"
)

// version is that of the official plugin whose place this one takes; set by the linker.
var version string

type commandProvider struct {
	pulumirpc.UnimplementedResourceProviderServer
	host *provider.HostClient
	// ctx ends when the engine cancels; running commands end with it.
	ctx    context.Context
	cancel context.CancelFunc
}

func (provider *commandProvider) Handshake(context.Context, *pulumirpc.ProviderHandshakeRequest) (*pulumirpc.ProviderHandshakeResponse, error) {
	return &pulumirpc.ProviderHandshakeResponse{AcceptSecrets: true}, nil
}

func (provider *commandProvider) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version}, nil
}

func (provider *commandProvider) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	provider.cancel()
	return &emptypb.Empty{}, nil
}

func (provider *commandProvider) CheckConfig(_ context.Context, request *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	return &pulumirpc.CheckResponse{Inputs: request.GetNews()}, nil
}

func (provider *commandProvider) DiffConfig(context.Context, *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	return &pulumirpc.DiffResponse{Changes: pulumirpc.DiffResponse_DIFF_NONE}, nil
}

func (provider *commandProvider) Configure(context.Context, *pulumirpc.ConfigureRequest) (*pulumirpc.ConfigureResponse, error) {
	return &pulumirpc.ConfigureResponse{AcceptSecrets: true, SupportsPreview: true}, nil
}

func (provider *commandProvider) Check(_ context.Context, request *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	if resourceType := resource.URN(request.GetUrn()).Type(); resourceType != commandType {
		return nil, fmt.Errorf("%s: this plugin has %s only; the others need the official plugin", resourceType, commandType)
	}
	return &pulumirpc.CheckResponse{Inputs: request.GetNews(), Failures: failures(request.GetNews())}, nil
}

func (provider *commandProvider) Diff(_ context.Context, request *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	olds, err := unmarshal(request.GetOldInputs())
	if err != nil {
		return nil, err
	}
	news, err := unmarshal(request.GetNews())
	if err != nil {
		return nil, err
	}
	return diff(olds, news, request.GetIgnoreChanges()), nil
}

func (provider *commandProvider) Create(ctx context.Context, request *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	urn := resource.URN(request.GetUrn())
	outputs, err := provider.outputs(ctx, execution{
		urn:     urn,
		inputs:  request.GetProperties(),
		command: func(inputs inputs) *string { return inputs.Create },
		preview: request.GetPreview(),
	})
	if err != nil {
		return nil, err
	}
	id, err := resource.NewUniqueHex(urn.Name(), 8, 0)
	return &pulumirpc.CreateResponse{Id: id, Properties: outputs}, err
}

func (provider *commandProvider) Update(ctx context.Context, request *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	outputs, err := provider.outputs(ctx, execution{
		urn:    resource.URN(request.GetUrn()),
		inputs: request.GetNews(),
		state:  request.GetOlds(),
		command: func(inputs inputs) *string {
			if inputs.Update != nil {
				return inputs.Update
			}
			return inputs.Create
		},
		preview: request.GetPreview(),
	})
	return &pulumirpc.UpdateResponse{Properties: outputs}, err
}

func (provider *commandProvider) Delete(ctx context.Context, request *pulumirpc.DeleteRequest) (*emptypb.Empty, error) {
	_, err := provider.outputs(ctx, execution{
		urn:     resource.URN(request.GetUrn()),
		inputs:  request.GetProperties(),
		state:   request.GetProperties(),
		command: func(inputs inputs) *string { return inputs.Delete },
	})
	return &emptypb.Empty{}, err
}

func (provider *commandProvider) Read(_ context.Context, request *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	return &pulumirpc.ReadResponse{Id: request.GetId(), Properties: request.GetProperties(), Inputs: request.GetInputs()}, nil
}

func (provider *commandProvider) Invoke(ctx context.Context, request *pulumirpc.InvokeRequest) (*pulumirpc.InvokeResponse, error) {
	if request.GetTok() != runFunction {
		return nil, fmt.Errorf("%s: this plugin has %s only; the others need the official plugin", request.GetTok(), runFunction)
	}
	if failures := failures(request.GetArgs()); len(failures) > 0 {
		return &pulumirpc.InvokeResponse{Failures: failures}, nil
	}
	outputs, err := provider.outputs(ctx, execution{
		inputs:  request.GetArgs(),
		command: func(inputs inputs) *string { return inputs.Command },
	})
	return &pulumirpc.InvokeResponse{Return: outputs}, err
}

func unmarshal(properties *structpb.Struct) (resource.PropertyMap, error) {
	return plugin.UnmarshalProperties(properties, plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true, SkipNulls: true})
}
