# Saraban. `make` alone lists what there is.

SHELL := /bin/bash
BIN := .venv/bin
# That of the distribution is built with profiles of running programs, and the tests take a tenth less time with it than
# with one that was compiled without.
PYTHON ?= $(shell for it in /usr/bin/python3.11 python3.11 python3; do \
    $$it -c 'import ensurepip, venv' 2>/dev/null && command -v $$it && break; done)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run test tests quick provision lint types rules bench torture coverage clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

run: .venv/.stamp ## the demo: two agencies that write to each other (Ctrl-C ends it; PORT, HOST, SARABAN_DATA may be set)
	@exec $(BIN)/python -m saraban.demo

test: ## everything: rules of the house, types, contracts, all tests
	@$(MAKE) --no-print-directory -j 2 -O provision rules
	@$(MAKE) --no-print-directory -j 2 types tests

tests: .venv/.stamp
	@.ci/tests

quick: .venv/.stamp ## under a minute: lint and the tests that need no equipment
	@$(MAKE) --no-print-directory lint
	@$(BIN)/pytest -q -x -n 2 --dist loadfile $(wildcard tests/domain tests/exchange tests/usecases tests/house)

provision:
	@.ci/provision

lint: types rules ## ruff, mypy and the contracts between the rooms

types: .venv/.stamp
	$(BIN)/mypy

rules: .venv/.stamp
	$(BIN)/ruff check .
	$(BIN)/lint-imports --cache-dir var/import-linter

bench: .venv/.stamp ## figures against their references, into var/bench.json (NAME=x for one of them)
	@.ci/provision
	@.ci/references
	@exec $(BIN)/python -m benchmarks $(NAME)

torture: .venv/.stamp ## the long fights, with full counts
	@.ci/provision
	@exec $(BIN)/pytest -m torture --full -v

coverage: .venv/.stamp ## which lines no test reaches
	@$(BIN)/pytest -q -n 2 --dist loadfile -m "not serial" --cov --cov-report=term

clean: ## remove what was made: the environment, var/ and caches
	rm -rf .venv var build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.stamp: setup.cfg pyproject.toml .ci/constraints.txt .ci/environment
	@PYTHON="$(PYTHON)" .ci/environment
