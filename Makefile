# Surefoot. `make help` lists the targets; each does the set-up that it needs and is quick when repeated.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
# --no-build-isolation: the build tool comes from the lock too, so nothing is fetched that is not hashed.
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip --quiet
INSTALL_LOCK := $(PIP) install --require-hashes --requirement
INSTALL_SELF := $(PIP) install --no-deps --no-build-isolation --editable .
WORKERS ?= 2
SERVE ?= yes
PORT ?= 8000

.PHONY: help demo setup test check format bench lock clean

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

demo: $(VENV)/.base ## make the demo and its report in demo/, and show it on the web until Ctrl-C; SERVE=no does not
	@$(BIN)/surefoot demo --out demo $(if $(filter no,$(SERVE)),,--serve --port $(PORT))

setup: $(VENV)/.dev ## install everything, the tools for testing included, into .venv

test: $(VENV)/.dev ## do all the set-up that tests need, and run them all
	@sh tools/system-packages
	@$(BIN)/python -m pytest -n $(WORKERS) $(PYTEST_ARGS)

check: $(VENV)/.dev ## lint, format, types, layers, templates: what pre-commit and CI call
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python tools/lint_templates.py src

format: $(VENV)/.dev ## mend what can be mended by machine
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/.dev ## run the benchmarks and print what they measured; BENCH=tally runs one
	@for file in $$(grep -l __main__ benchmarks/$(or $(BENCH),*).py); do \
		echo "== $$file"; $(BIN)/python "$$file" || exit 1; \
	done

# The locks hold hashes and no address, so they install from whichever index a machine is set up for.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header $(LOCK_ARGS)
lock: $(VENV)/.dev ## write locks/ again from pyproject.toml; LOCK_ARGS=--upgrade takes newer versions
	@$(COMPILE) pyproject.toml locks/build.in --extra web --output-file locks/demo.txt
	@$(COMPILE) pyproject.toml locks/build.in --all-extras --constraint locks/demo.txt --output-file locks/dev.txt

clean: ## remove what the targets made, .venv included
	rm -rf $(VENV) demo dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .surefoot-cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: each says that a step was done after its files last changed.
$(VENV)/.made: tools/make-venv
	@sh tools/make-venv $(VENV)
	@touch $@

$(VENV)/.base: $(VENV)/.made locks/demo.txt pyproject.toml
	@echo "Installing what the demo needs (a minute or two the first time)."
	@$(INSTALL_LOCK) locks/demo.txt
	@$(INSTALL_SELF)
	@touch $@

$(VENV)/.dev: $(VENV)/.made locks/dev.txt pyproject.toml
	@echo "Installing everything for tests and checks (some minutes the first time)."
	@$(INSTALL_LOCK) locks/dev.txt
	@$(INSTALL_SELF)
	@touch $@ $(VENV)/.base
