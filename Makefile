# The commands a person must know. Everything else is in `carbot --help`.

.DEFAULT_GOAL := help
.SILENT:

PYTHON ?= python3
BIN := .venv/bin
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

# Containers often forbid bytecode; without it each of a hundred processes compiles everything again for seconds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test test-all tests check bench screenshots fmt lock clean venv venv-dev

help: ## Show this list
	awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Install, prepare and serve everything on http://localhost:3000
	command -v $(PYTHON) > /dev/null || { echo "CarBot: Python 3.11 or newer is needed and no $(PYTHON) was found; install it." >&2; exit 1; }
	$(PYTHON) scripts/ensure_venv.py --free-port
	exec $(BIN)/carbot run

test: CHOICE := --landing
test: tests ## Run what every change must pass: SQLite, PostgreSQL, Redis and a real Chromium

test-all: tests ## Run every test there is, on both databases (before a release)

# Tests wait for what they talk to: three or four at a time keep two cores busy
tests: venv-dev
	$(BIN)/carbot build
	CARBOT_CHROMIUM="$$($(BIN)/python tests/chromium.py)" || exit 1; export CARBOT_CHROMIUM; \
	$(BIN)/python -m pytest -q -n 4 --dist worksteal $(CHOICE) -m "not e2e" && \
	$(BIN)/python -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder --reruns 1 $(CHOICE) tests/widget tests/e2e

check: venv-dev ## Lint, types, import contracts, settings and languages
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/architecture

bench: venv-dev ## Measure and write bench/results/ (half an hour; names: make bench B="widget api_read")
	$(BIN)/python -m bench $(B)

screenshots: venv-dev ## Every page, phone and desktop, light and dark, into docs/screenshots/
	$(BIN)/python scripts/screenshots.py

fmt: venv-dev ## Format the code
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .

lock: venv-dev ## Refresh the lock files from pyproject.toml
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) -c requirements.lock pyproject.toml --group dev -o requirements-dev.lock

clean: ## Remove everything that was built; data/ stays
	rm -rf .venv .web .build build dist *.egg-info .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

venv venv-dev:
	command -v $(PYTHON) > /dev/null || { echo "CarBot: Python 3.11 or newer is needed and no $(PYTHON) was found; install it." >&2; exit 1; }
	$(PYTHON) scripts/ensure_venv.py $(if $(filter venv-dev,$@),--dev)
