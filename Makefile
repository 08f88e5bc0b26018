# Everything a person or CI runs. Needs Python 3.11 or newer with venv, and make; the rest comes from the lock files into .venv.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
# Tests that need nothing but Python; the others need a broker, a tool or data (tests/abilities.py).
NEEDS := kafka cluster embedded redis promtool prometheus alertmanager chromium boards compiler compose systemd acceptance
ANY := $(wordlist 2,99,$(NEEDS:%=or %))
UNIT := not ($(ANY))
REAL := ($(ANY)) and not acceptance

.PHONY: help
help:  ## list the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: .venv/ready-demo  ## a whole sales floor in this terminal: broker, worker, exporter, leaderboard; Ctrl-C ends it
	@exec $(BIN)/floorpulse demo

.PHONY: test
test: check real acceptance  ## everything this machine can run; the last line says what it could not
	@$(BIN)/python -m tests.abilities $(NEEDS)

.PHONY: check
check: lint generated unit  ## the fast part of `make test`

.PHONY: lint
lint: .venv/ready-dev  ## style, types, architecture
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

.PHONY: generated
generated: .venv/ready-dev  ## generated files are what the code says
	$(BIN)/python -m scripts.generate --check

.PHONY: unit
unit: .venv/ready-dev  ## tests that need nothing but Python, with full branch coverage of kpi_state
	$(BIN)/python -m pytest -m "$(UNIT)" --cov --cov-report=term:skip-covered

.PHONY: real
real: .venv/ready-dev  ## tests against real brokers and tools
	$(BIN)/python -m pytest -m "$(REAL)"

.PHONY: acceptance
acceptance: .venv/ready-dev  ## the figures of a real sales desk, where its data lies beside the repository
	$(BIN)/python -m pytest -m acceptance

.PHONY: soak
soak: .venv/ready-dev  ## the property tests with thousands of new examples
	HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -m "$(UNIT)" --timeout=0

.PHONY: generate
generate: .venv/ready-dev  ## write the generated files
	$(BIN)/python -m scripts.generate

.PHONY: format
format: .venv/ready-dev  ## let ruff format and mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: lock
lock: .venv/ready-dev  ## write requirements/*.txt anew from pyproject.toml
	$(BIN)/python -m scripts.lock

.PHONY: wheels
wheels: .venv/ready-dev  ## every locked package has a wheel for Python 3.11, 3.12 and 3.13
	@for version in 3.11 3.12 3.13; do \
	  $(BIN)/python -m pip install --quiet --dry-run --ignore-installed --target build --python-version $$version \
	    --only-binary :all: --require-hashes -r requirements/dev.txt; \
	  echo "Python $$version: every locked package has a wheel"; \
	done

.PHONY: wheel
wheel: .venv/ready-dev  ## build the wheel into dist/
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

.PHONY: compiled
compiled: .venv/ready-dev  ## the same with the core compiled, unpacked into build/compiled; needs gcc
	@$(BIN)/python -m scripts.compile

.PHONY: clean
clean:  ## remove the environment and everything made
	rm -rf .venv build dist var *.egg-info .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One environment, filled as far as was asked for. A stamp is older than its lock when the lock changed: then pip runs again.
.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit("floorpulse needs Python 3.11 or newer, this is " + sys.version.split()[0] + ": make PYTHON=python3.12 …") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "Python lacks venv: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/ready-%: requirements/%.txt pyproject.toml | .venv/bin/pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r $<
	@# setuptools warns about every editable install
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@touch $@
