# Two commands do everything: `make demo` and `make test`. Each sets itself up in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
DEV := $(VENV)/ready-dev
COMPILE = $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --no-strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header
# Compiled modules are kept whatever the surroundings say: tests start hundreds of processes.
export PYTHONDONTWRITEBYTECODE :=
PACKAGES := ledger reports migrations cli.py verifier tests bench

.PHONY: demo test lint bench interop differential docs fonts lock clean

$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "sunledger needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

# What tests, lints and builds need besides.
$(DEV): $(READY) requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $(DEV)

demo: $(READY)
	$(BIN)/sunledger demo demo

test: lint
	$(BIN)/python -m pytest -n 2 --dist worksteal

lint: $(DEV)
	$(BIN)/ruff check --quiet $(PACKAGES)
	$(BIN)/mypy --no-error-summary

bench: $(DEV)
	$(BIN)/python -m bench

# Notes, heads, cosignatures and proofs exchanged with Go's own package; needs Go and golang.org/x/mod.
interop: $(DEV)
	$(BIN)/python -m tests.interop

# Product and stand-alone verifier on many more random histories and mutants.
differential: $(DEV)
	DIFFERENTIAL=2000 $(BIN)/python -m pytest tests/verifier/test_differential.py -n 2

docs: $(DEV)
	$(BIN)/python -m tests.docs_blocks

# Cuts the typefaces: FONTS is the folder of the two faces as released, see reports/fonts/README.md.
fonts: $(DEV)
	$(BIN)/python -m tests.fonts $(FONTS)

# One lock for users, one for developers that has the first one's versions.
lock: pyproject.toml
	$(BIN)/python -m pip install --quiet pip-tools
	$(COMPILE) --extra build --output-file requirements.lock pyproject.toml
	$(COMPILE) --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

clean:
	rm -rf $(VENV) demo build dist bench/out *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
