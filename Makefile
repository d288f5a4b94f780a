# daogou: `make demo` to see it, `make test` to trust it, `make help` for the rest.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 8321

.DEFAULT_GOAL := help
.PHONY: help install install-test demo serve test lint format types bench clean

help: ## Show this help
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-14s %s\n", $$1, $$2}'

$(VENV)/.installed: pyproject.toml
	@echo "==> Installing daogou into $(VENV) (a minute or two the first time)"
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "daogou needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Next: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --progress-bar on --disable-pip-version-check -e .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	@echo "==> Installing what the tests need"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@

install: $(VENV)/.installed ## Install daogou into .venv

install-test: $(VENV)/.installed-test

demo: install ## Install, fetch the models, build the demo store, serve it and print its address
	$(BIN)/daogou demo --port $(PORT)

serve: install ## Serve your own store (after `daogou import products FILE`)
	$(BIN)/daogou serve --port $(PORT)

lint: install-test ## Formatting, lint and strict types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: install-test ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

test: lint ## Formatting, lint, types and all tests, with real models and engines
	$(BIN)/daogou models pull
	$(BIN)/pytest -n 2 --dist loadgroup

bench: install-test ## Run a benchmark: make bench NAME=search DATA=path/to/data
	@test -n "$(NAME)" || { $(BIN)/daogou bench --help; exit 2; }
	$(BIN)/daogou bench $(NAME) $(if $(DATA),--data $(DATA),)

clean: ## Remove the virtual environment and caches (not the models, not your stores)
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
