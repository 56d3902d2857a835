# Yanbao (研报): make help lists everything.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv)

# Whole nights first, so that no worker is left with a long file at the end.
LONGEST_FIRST := tests/integration tests/fault tests/contract tests/unit

.PHONY: help run test test-fast dev lint format generate owned-lines import-graph bench bench-pack bench-requests clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.run-ready  ## set up, then publish a release and a pack from the sample
	$(BIN)/yanbao run

test: $(VENV)/.test-ready  ## set up, then lint and run every test
	$(MAKE) lint
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder $(LONGEST_FIRST) $(PYTEST_ARGS)

test-fast: $(VENV)/.test-ready  ## the fast unit tests alone
	$(BIN)/pytest -q -n 2 --dist loadfile -m "not slow" tests/unit --ignore tests/unit/marts --ignore tests/unit/reports

dev: $(VENV)/.run-ready  ## the Dagster UI on http://127.0.0.1:3000
	$(BIN)/python -m yanbao_dagster.dev

lint: $(VENV)/.test-ready  ## ruff, sqlfluff and mypy, as CI and pre-commit run them
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/sqlfluff lint --processes 2 --disable-progress-bar models dbt_project/tests
	$(BIN)/mypy

format: $(VENV)/.test-ready  ## format Python and SQL
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfluff fix --disable-progress-bar models

generate: $(VENV)/.test-ready  ## write every file that is made from declarations
	$(BIN)/python -m yanbao.scaffold

owned-lines: $(VENV)/.test-ready  ## count the lines that people maintain; BEFORE=checkout compares
	$(BIN)/python -m tests.owned_lines $(BEFORE)

import-graph: $(VENV)/.test-ready  ## print the packages and the imports between them
	$(BIN)/python -m tests.import_graph

bench: $(VENV)/.test-ready  ## measure the cost of a night (see docs/performance.md)
	$(BIN)/python -m benchmarks.night

bench-pack: $(VENV)/.test-ready  ## time a pack of 15 tables and 10 charts in every format
	$(BIN)/python -m benchmarks.pack

bench-requests: $(VENV)/.test-ready  ## count the requests of a night at a stand-in for the upstreams
	$(BIN)/python -m benchmarks.requests

clean:  ## remove what set-up and runs made, except the state folder
	rm -rf $(VENV) target build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
ifdef UV
	uv venv --quiet --python $(PYTHON) $(VENV)
else
	$(PYTHON) -m venv $(VENV)
endif

$(VENV)/.run-ready: pyproject.toml constraints.txt | $(VENV)/bin/python
ifdef UV
	uv pip install --quiet --compile-bytecode --python $(BIN)/python --constraint constraints.txt --editable .
else
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
endif
	touch $@

$(VENV)/.test-ready: pyproject.toml constraints.txt | $(VENV)/bin/python
ifdef UV
	uv pip install --quiet --compile-bytecode --python $(BIN)/python --constraint constraints.txt --editable '.[dev]'
else
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
endif
	touch $@ $(VENV)/.run-ready
