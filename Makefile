# Everything that people do with the project. `make` alone lists it.
STACK ?= slurm-4node
SWEEP ?= backfill
RECORDS ?= results
given := STACK SWEEP RECORDS REMOVE ROUNDS PHASE
export $(given)
# What is given on the command line is text: make would run what a $(shell …) in it says.
$(foreach name,$(given),$(if $(filter command,$(firstword $(origin $(name)))),$(eval override $(name) := $$(value $(name)))))
# tsx keeps what it compiled in a folder of /tmp that another user could make first; its own command fails where that is a file.
export TSX_DISABLE_CACHE := 1
gc: SHELL := bash

.DEFAULT_GOAL := help
.PHONY: help setup stack-file up preview outputs table down gc sweep report test check lint e2e bench bench-driver faults soak docs doctor shell sandbox-stop schema

help: ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' Makefile | expand -t 14

setup: setup-up ## install Debian packages, npm packages, Pulumi and its plugins; fast when they are there

setup-%:
	@toolchain/setup up "$*"

stack-file:
	@toolchain/require-stack-file "$$STACK"

up: stack-file setup-up ## bring STACK up, run its suite, print its results
	@toolchain/check-room
	@toolchain/run toolchain/recover "$$STACK"
	@toolchain/run node --import tsx update/main.ts up "$$STACK" || { ended=$$?; toolchain/check-room; exit $$ended; }
	@$(MAKE) --no-print-directory table

preview: stack-file setup-up ## say what `make up` would do, resource by resource
	@toolchain/run pulumi stack select --create --stack "$$STACK"
	@toolchain/run pulumi preview --diff --stack "$$STACK" || { ended=$$?; toolchain/check-room; exit $$ended; }

outputs: ## STACK's outputs as JSON (make -s outputs)
	@toolchain/run pulumi stack output --json --stack "$$STACK"

table: ## STACK's results, readable
	@outputs=$$(toolchain/run toolchain/stack-outputs "$$STACK") && printf %s "$$outputs" | node --import tsx analysis/print-summary.ts "$$STACK"

down: setup-up ## destroy everything that STACK made, but for its results
	@toolchain/run toolchain/recover "$$STACK"
	@toolchain/run node --import tsx update/main.ts destroy "$$STACK" || { ended=$$?; toolchain/check-room; exit $$ended; }

gc: setup-up ## show what stacks have on the hypervisor, by name; REMOVE="stack stack" removes what these left
	@read -r -a stacks <<<"$$REMOVE" && sweep/sweep gc $${stacks[@]:+--remove "$${stacks[@]}"}

sweep: setup-up ## run what is missing of sweeps/SWEEP.yaml, and say how far it is; again after Ctrl-C goes on
	@sweep/sweep run "$$SWEEP" --resume --keep-going; ended=$$?; sweep/sweep status "$$SWEEP" && exit $$ended

report: setup-up ## write RECORDS/report: one HTML page, its figures, analysis.json, trials.csv
	@node --import tsx analysis/report/print-report.ts "$$RECORDS"

test: setup-test ## every test that needs no virtual machine
	@toolchain/run node_modules/.bin/vitest run --project quick

e2e: setup-e2e ## up, change, two side by side, destroy, on real virtual machines in the sandbox
	@SCHEDFRONT_SANDBOX=yes toolchain/run node_modules/.bin/vitest run --project e2e

check: lint test ## everything that a commit must pass: lint, then test

lint: setup-lint ## types, format, shell scripts, roles, nix/, the generated schema
	@node_modules/.bin/tsc --project .
	@node_modules/.bin/biome check .
	@shellcheck --external-sources $$(git ls-files components sweep toolchain images nix test .ci | xargs grep -lE '^#!/usr/bin/env bash|^# shellcheck shell=bash')
	@ansible-playbook --syntax-check --inventory localhost, ansible/nodes.yml ansible/scheduler.yml
	@nix/test/check
	@node --import tsx model/print-schema.ts | cmp - schema/stack.schema.json || { echo "schema/stack.schema.json is not what model/ says: run make schema" >&2; exit 1; }
	@node --import tsx sweep/plan/print-schema.ts | cmp - schema/sweep.schema.json || { echo "schema/sweep.schema.json is not what sweep/ says: run make schema" >&2; exit 1; }
	@node --import tsx analysis/report/print-schema.ts | cmp - schema/answer.schema.json || { echo "schema/answer.schema.json is not what analysis/ says: run make schema" >&2; exit 1; }

bench: setup-bench ## from nothing to ssh on all nodes: pulumi up against a bare virsh script
	@SCHEDFRONT_SANDBOX=yes toolchain/run test/bench/boot

bench-driver: setup-bench ## how fast and how late the driver submits, against sbatch; needs root
	@test/bench/driver

faults: SHELL := bash
faults: setup-faults ## end runs by force, see whether the next converges; ROUNDS=1 PHASE="network volumes", in the sandbox, hours
	@read -r -a phases <<<"$$PHASE" && test/faults/run "$${phases[@]}"

soak: SWEEP := $(if $(filter override,$(origin SWEEP)),$(value SWEEP),soak)
soak: setup-faults ## run the fifty trials of sweeps/SWEEP.yaml (soak), and draw what each leaves behind; hours
	@toolchain/run node --import tsx test/soak/soak.ts "$$SWEEP"

docs: setup-report ## make a site of docs/ in results/docs
	@cd docs && { [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --ignore-scripts --no-audit --no-fund; }
	@docs/node_modules/.bin/vitepress build docs

doctor: ## what this machine has and lacks, and how to fix it
	@toolchain/doctor

shell: setup-up ## a shell with pulumi and its passphrase, in the sandbox where there is one
	@toolchain/run "$${SHELL:-bash}"

sandbox-stop: ## end the sandbox: its machines, daemons and traces
	@toolchain/sandbox stop

schema: setup-up ## write schema/*.schema.json and docs/reference.md from model/, sweep/ and analysis/
	@node --import tsx model/print-schema.ts >schema/stack.schema.json
	@node --import tsx sweep/plan/print-schema.ts >schema/sweep.schema.json
	@node --import tsx analysis/report/print-schema.ts >schema/answer.schema.json
	@node --import tsx docs/print-reference.ts >docs/reference.md
