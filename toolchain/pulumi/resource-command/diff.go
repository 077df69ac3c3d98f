package main

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// diff asks for an update where any input differs, for a replacement where triggers do.
func diff(olds, news resource.PropertyMap, ignored []string) *pulumirpc.DiffResponse {
	skip := func(key resource.PropertyKey) bool {
		for _, name := range ignored {
			if name == string(key) {
				return true
			}
		}
		return key == "version" || strings.HasPrefix(string(key), "__")
	}
	changes := olds.Diff(news, skip)
	if changes == nil {
		return &pulumirpc.DiffResponse{Changes: pulumirpc.DiffResponse_DIFF_NONE}
	}

	response := &pulumirpc.DiffResponse{
		Changes:         pulumirpc.DiffResponse_DIFF_SOME,
		HasDetailedDiff: true,
		DetailedDiff:    map[string]*pulumirpc.PropertyDiff{},
	}
	for _, key := range changes.ChangedKeys() {
		response.Diffs = append(response.Diffs, string(key))
	}
	if changes.Changed("triggers") {
		response.Replaces = []string{"triggers"}
	}
	for path, change := range plugin.NewDetailedDiffFromObjectDiff(changes, true) {
		kind := change.Kind
		if path == "triggers" || strings.HasPrefix(path, "triggers[") {
			kind = kind.AsReplace()
		}
		response.DetailedDiff[path] = &pulumirpc.PropertyDiff{Kind: kinds[kind], InputDiff: change.InputDiff}
	}
	return response
}

var kinds = map[plugin.DiffKind]pulumirpc.PropertyDiff_Kind{
	plugin.DiffAdd:           pulumirpc.PropertyDiff_ADD,
	plugin.DiffAddReplace:    pulumirpc.PropertyDiff_ADD_REPLACE,
	plugin.DiffDelete:        pulumirpc.PropertyDiff_DELETE,
	plugin.DiffDeleteReplace: pulumirpc.PropertyDiff_DELETE_REPLACE,
	plugin.DiffUpdate:        pulumirpc.PropertyDiff_UPDATE,
	plugin.DiffUpdateReplace: pulumirpc.PropertyDiff_UPDATE_REPLACE,
}
