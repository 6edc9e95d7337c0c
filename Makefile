# make report | test | ui | bench | status | replay | train | setup | setup-system
SHELL := /bin/bash
.DEFAULT_GOAL := help

MONTH ?= 2025-11
MONTHS ?=
SOURCES ?=
DATA ?=
OPTIONS = $(if $(SOURCES),--sources $(SOURCES)) $(if $(DATA),--data $(DATA))
RUN = .venv/bin/hiring-pulse
PYTHON_FOR_UV ?= python3

.PHONY: help setup setup-system report status replay train ui test test-fast lint format bench clean

help: ## Say what the targets do
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: .venv/.ready ## Install the pinned environment into .venv

.venv/.ready: pyproject.toml uv.lock
	@command -v uv > /dev/null || test -x .uv/bin/uv || ($(PYTHON_FOR_UV) -m venv .uv && .uv/bin/pip install --quiet uv)
	@PATH="$$PATH:$(CURDIR)/.uv/bin" uv sync --frozen --compile-bytecode --quiet
	@touch $@

setup-system: ## Install what only tests need from the system: a browser and PostgreSQL
	apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium chromium-driver fonts-dejavu-core

report: setup ## Make the monthly hiring report [MONTH=2025-11 | MONTHS=2025-01:2025-11] [SOURCES=name-or-path DATA=folder]
	@$(RUN) report --month $(MONTH) $(if $(MONTHS),--months $(MONTHS)) $(OPTIONS)

status: setup ## Say which months are there, stale, held or missing, and why
	@$(RUN) status $(OPTIONS)

replay: setup ## Read rejected rows again after a mapping was mended
	@$(RUN) replay $(OPTIONS)

train: setup ## Train challengers of the classifiers
	@$(RUN) train $(OPTIONS)

ui: setup ## Start the Dagster UI (web server and daemon) on the same home
	@$(RUN) ui $(OPTIONS)

test: setup ## Run all tests
	@.venv/bin/pytest

test-fast: setup ## Run the tests that take less than two minutes together
	@.venv/bin/pytest -m "not slow"

lint: setup ## Check format, lint, types and SQL
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/sqlfluff lint -q dbt/models

format: setup ## Format Python and SQL
	@.venv/bin/ruff check --fix -q . ; .venv/bin/ruff format -q .

bench: setup ## Measure the chain against its floor and the notebook, in pairs
	@.venv/bin/python -m tests.bench.run

clean: ## Remove the environment and what tools left; data/ stays
	rm -rf .venv .uv dbt/target dbt/logs .pytest_cache .mypy_cache .ruff_cache
