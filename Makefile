# Parley. `make run` shows a conversation; `make test` runs every test. Both work on a fresh Debian machine with Swift.

SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

SWIFT ?= swift
BIN := .build/release/parley
SOURCES := Sources Tests Benchmarks/Benchmarks Package.swift Benchmarks/Package.swift

.PHONY: help setup build run serve test unit tsan fuzz lint format bench quality load vendors docs clean

help: ## This list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

setup: ## Install the system packages a build needs
	@scripts/packages.sh build

build: setup ## Build the engine (release)
	$(SWIFT) build -c release --product parley

run: build ## Start an engine, place one sample call, keep serving
	@scripts/run.sh

serve: build ## Start an engine for this machine only; unsigned requests are accepted
	@ENVIRONMENT=$${ENVIRONMENT:-development} $(BIN) serve

test: ## Every test, the thread sanitizer included
	@scripts/packages.sh test
	@scripts/test.sh

unit: setup ## The tests of one build, without the sanitizer: make unit FILTER=TurnMachine
	$(SWIFT) test -c release $(if $(FILTER),--filter $(FILTER))

tsan: setup ## Rings, workers and actors under the thread sanitizer
	@scripts/tsan.sh

fuzz: setup ## Every parser under libFuzzer: make fuzz SECONDS_EACH=600 ONLY=wav,form
	@scripts/fuzz.sh

lint: ## Format and import direction
	@scripts/lint.sh

format: ## Format the sources in place
	$(SWIFT) format format --in-place --parallel --recursive $(SOURCES)

bench: ## Benchmarks, each beside its C floor
	@scripts/packages.sh bench
	@scripts/bench.sh

quality: setup ## Voice activity, barge-in, echo, jitter and tones on the labelled corpus: make quality REPORT=1
	@$(SWIFT) build -c release --product Quality
	@mkdir -p Benchmarks/Results
	@.build/release/Quality $(if $(REPORT),--report docs/quality.md --json Benchmarks/Results/quality.json)

load: build ## 300 and 400 calls over sockets on one core, ten minutes each, judged by their limits: make load MINUTES=2
	@scripts/load.sh

vendors: setup ## Whole calls against vendors' servers of our own: engine's share, failover, interruptions, faults (QUICK=1, REPORT=1)
	@scripts/vendors.sh

docs: build ## Check the links of the documentation and print the commands' help into docs/commands.md
	@scripts/docs.sh

clean: ## Remove what was built
	rm -rf .build Benchmarks/.build var out
