PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CONTRACT ?=
BASE ?=
ACCEPT ?=
FORMAT ?=

# Thousands of processes import the package in the tests: each would compile it anew.
unexport PYTHONDONTWRITEBYTECODE

# The layer's own tests: what `make check` can afford.
UNIT_TESTS := tests/ext
# Folders with targets of their own: stores, survival.
WITHOUT_LONG_TARGETS := --ignore=tests/store --ignore=tests/survival

.PHONY: help setup demo pictures docs check test slow lint types check-generated catalogs surface regenerate drift stores survival lowest storm build smoke bench bench-regenerate clean

help:  ## List the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The stamp is made anew when dependencies change, so every target finds what it needs.
$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -c "import sys; sys.version_info >= (3, 11) or sys.exit('$(VENV) has Python %d.%d, but 3.11 or newer is needed. Run make clean, then make setup PYTHON=python3.12.' % sys.version_info[:2])"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

setup: $(VENV)/.ready  ## Make the virtual environment, with pinned dependencies

demo: setup  ## Watch a partner app go through the whole flow against a sandbox
	@$(BIN)/python -m scripts.demo

pictures: demo  ## Make the pictures of the README anew, from what the demonstration made (chromium, pdftoppm)
	@$(BIN)/python -m scripts.pictures

docs: setup  ## Build the documentation site into build/site; it works without a server or a network
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo build/site/index.html

check: lint types  ## Before a commit: lint, types, the layer's quick unit tests (15 seconds)
	$(BIN)/python -m pytest -n 2 -q -m "not slow" $(UNIT_TESTS)

# Three on two cores: many tests wait, and a core would idle meanwhile.
test: lint types check-generated  ## Lint, types, generated code, the quick tests and samples of slow modules
	$(BIN)/python -m pytest -n 3 -m "not slow or sample" $(WITHOUT_LONG_TARGETS)

slow: setup  ## The tests that take long: processes, browsers, many examples, whole regenerations (minutes)
	$(BIN)/python -m pytest -n 2 -m "slow and not sample" $(WITHOUT_LONG_TARGETS)

stores: setup  ## The store on SQLite and PostgreSQL: crashes, kills, leases, moved hosts (minutes)
	$(BIN)/python -m pytest -n 2 tests/store

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

check-generated: setup  ## Fail unless generated code, the blocking surface and the catalogs are what would be written
	@$(BIN)/python -m scripts.check_generated
	@$(BIN)/python -m scripts.write_surface --check
	@$(BIN)/python -m scripts.catalogs --check

catalogs: setup  ## Bring the catalogs of documents in step with their words; a new one is to be translated
	@$(BIN)/python -m scripts.catalogs

surface: setup  ## Write the blocking surface from the asynchronous one
	@$(BIN)/python -m scripts.write_surface

regenerate: setup  ## Fetch the contract (or CONTRACT=path|URL) and regenerate the raw client; ACCEPT=misfit|promise
	@$(BIN)/python -m scripts.regenerate $(if $(CONTRACT),'$(CONTRACT)') $(if $(ACCEPT),--accept '$(ACCEPT)')

drift: setup  ## Compare the live contract (or CONTRACT=path|URL) with the vendored one (or BASE=…); FORMAT=text|markdown|json|github
	@$(BIN)/python -m scripts.drift $(if $(CONTRACT),'$(CONTRACT)') $(if $(BASE),--base '$(BASE)') $(if $(FORMAT),--format '$(FORMAT)')

# Three on two cores: tests of the flow wait out time-outs, and a core would idle meanwhile.
survival: setup  ## Take the layer through every variant of the contract (minutes)
	SURVIVAL=all $(BIN)/python -m pytest -n 3 tests/survival tests/cases/test_contract_mutations.py

lowest: setup  ## Run what the declared lower bounds of the dependencies allow, in an environment of its own
	LOWEST_DEPENDENCIES=1 $(BIN)/python -m pytest tests/cases/test_lowest_dependencies.py

storm: setup  ## Post through faults, kills and crashes, and account for every entry (about twelve minutes)
	@$(BIN)/python -m scripts.storm

build: setup  ## Build the wheel and the sdist into dist/
	@rm -rf dist
	@$(BIN)/uv build --quiet --out-dir dist
	@ls dist

smoke: build  ## Install the wheel with each extra alone, on each Python that is here, and try it (minutes)
	@$(BIN)/python -m scripts.smoke dist/*.whl

bench: setup  ## Measure, side by side in one run: calls against bare httpx, long documents against their parts
	@$(BIN)/python -m scripts.bench

bench-regenerate: setup  ## Regenerate a contract of 200 schemas and 160 operations
	@$(BIN)/python -m scripts.bench.regenerate

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
