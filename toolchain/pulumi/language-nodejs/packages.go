package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

type manifest struct {
	Name    string                   `json:"name"`
	Version string                   `json:"version"`
	Pulumi  *plugin.PulumiPluginJSON `json:"pulumi"`
}

// requiredPackages lists the plugins that the program's node_modules ask for, nested ones too.
func requiredPackages(programDirectory string) ([]*pulumirpc.PackageDependency, error) {
	search := &packageSearch{visited: map[string]bool{}}
	err := search.nodeModules(filepath.Join(programDirectory, "node_modules"))
	return search.found, err
}

type packageSearch struct {
	visited map[string]bool
	found   []*pulumirpc.PackageDependency
}

func (search *packageSearch) nodeModules(directory string) error {
	entries, err := os.ReadDir(directory)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		path := filepath.Join(directory, entry.Name())
		switch {
		case strings.HasPrefix(entry.Name(), "."):
		case strings.HasPrefix(entry.Name(), "@"):
			if err := search.nodeModules(path); err != nil {
				return err
			}
		case entry.IsDir() || entry.Type()&fs.ModeSymlink != 0:
			if err := search.module(path); err != nil {
				return err
			}
		}
	}
	return nil
}

func (search *packageSearch) module(path string) error {
	directory, err := filepath.EvalSymlinks(path)
	if err != nil || search.visited[directory] {
		// A dangling link is an optional package that is not there.
		return nil
	}
	search.visited[directory] = true

	file := filepath.Join(directory, "package.json")
	source, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	var found manifest
	if err := json.Unmarshal(source, &found); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if found.Pulumi != nil && found.Pulumi.Resource {
		search.found = append(search.found, dependency(found))
	}
	return search.nodeModules(filepath.Join(directory, "node_modules"))
}

func dependency(found manifest) *pulumirpc.PackageDependency {
	name, version := found.Pulumi.Name, found.Pulumi.Version
	if name == "" {
		name = strings.TrimPrefix(found.Name, "@pulumi/")
	}
	if version == "" {
		version = found.Version
	}
	dependency := &pulumirpc.PackageDependency{
		Name:    name,
		Kind:    "resource",
		Version: "v" + strings.TrimPrefix(version, "v"),
		Server:  found.Pulumi.Server,
	}
	if parameter := found.Pulumi.Parameterization; parameter != nil {
		dependency.Parameterization = &pulumirpc.PackageParameterization{
			Name:    parameter.Name,
			Version: parameter.Version,
			Value:   parameter.Value,
		}
	}
	return dependency
}
