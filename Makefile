# `make run` shows Accord at work, `make test` runs the whole test suite. Both need Python 3.11 or
# later and nothing else; everything goes into .venv.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV ?= .venv
STORE ?= .accord/store
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: help run test lint bench install install-dev clean

help: ## Show the targets.
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

run: install ## Load the sample articles into an embedded store and show what was found.
	@$(BIN)/accord ingest examples/articles --store $(STORE)
	@echo
	@echo "Who says what kind of thing, about whom, under which accord, in which article?"
	@$(BIN)/accord query claims --store $(STORE) --limit 25
	@echo
	@echo "Which obligations do two parties make contradictory claims about?"
	@$(BIN)/accord query contradictions --store $(STORE)
	@echo
	@echo "Next:"
	@echo "  $(BIN)/accord queries"
	@echo "  $(BIN)/accord query demands --store $(STORE)"
	@echo "  $(BIN)/accord ingest YOUR-ARTICLES/ --store $(STORE)"

test: install-dev ## Run the whole test suite.
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder --cov --cov-report=term

lint: install-dev ## Check style and types.
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: install-dev ## Measure speed, with ratios side by side; half an hour.
	@$(BIN)/python benchmarks/bench.py --out bench.json

install: $(VENV)/installed ## Make the environment and install Accord.
install-dev: $(VENV)/installed-dev ## The same with what the tests need.

$(VENV)/created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Accord needs Python 3.11 or later: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "Making the environment in $(VENV); the first time this takes a few minutes."
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/installed: $(VENV)/created pyproject.toml constraints.txt
	@$(PIP) --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/created pyproject.toml constraints.txt
	@$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/installed

clean: ## Remove the environment and the sample store.
	rm -rf $(VENV) .accord
