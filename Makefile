# `make` prints what there is; every target works on a fresh clone with Python 3.11+ and nothing else set up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo test check conformance format screenshots snapshots bench clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Quell needs Python 3.11 or newer; set one with: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(STAMP) ## Open the console on the built-in sandbox: no account, no configuration
	@$(BIN)/quell demo

# Four workers on two cores: tests of the console wait for frames and processes half of their time.
# Each worker, and each process a test starts, would otherwise compile the same sources again.
test snapshots: export PYTHONDONTWRITEBYTECODE :=
test: $(STAMP) ## Run every test
	$(BIN)/python -m pytest -n 4 --dist loadfile

check: $(STAMP) ## Format, lint, types, architecture
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

conformance: $(STAMP) ## Drive the sandbox with the services' own clients (needs Node.js 20+)
	@$(BIN)/python -m tests.conformance

format: $(STAMP) ## Rewrite the sources in the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

screenshots: $(STAMP) ## Draw screenshots/ anew from the seeded sandbox
	$(BIN)/python -m tests.screenshots

snapshots: $(STAMP) ## Accept the screens as they are drawn now; look at the diff before committing
	$(BIN)/python -m pytest tests/snapshots -n 4 --snapshot-update

bench: $(STAMP) ## Measure against contenders in the same run
	$(BIN)/python -m tests.bench

clean: ## Remove the environment and every generated file
	rm -rf $(VENV) .conformance build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache snapshot_report.html
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
