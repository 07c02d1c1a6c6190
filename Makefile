# Two commands are enough: `make run` shows the service, `make test` proves it.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
N      ?= 100000

.PHONY: help run test check lint types imports wheel bench growth torture clean
.DEFAULT_GOAL := help

help:  ## say what there is to do
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; say which with: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable '.[demo]'
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable '.[postgres,demo,test,dev]'
	@touch $@ $(VENV)/.run

run: $(VENV)/.run  ## set up, then show the real 2024 plan with its 14 products
	$(BIN)/ocop demo --no-serve

test: $(VENV)/.dev  ## every test, on SQLite and on PostgreSQL, with branch coverage
	$(BIN)/coverage erase
	$(BIN)/pytest --numprocesses auto --cov --cov-report= $(ARGS)
	$(BIN)/coverage report --fail-under 95
	$(BIN)/coverage report --fail-under 100 --include 'ocop_workflow/regulations/*,ocop_workflow/states/*,ocop_workflow/calendar/*'

check: lint types imports test  ## everything that has to be right before a commit

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.dev
	$(BIN)/mypy

imports: $(VENV)/.dev
	$(BIN)/lint-imports

wheel: $(VENV)/.dev  ## build the wheel, install it into an empty environment and try it there
	rm -rf dist build/wheel
	$(BIN)/python -m build --wheel --outdir dist . > /dev/null
	$(PYTHON) -m venv build/wheel
	build/wheel/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt "$$(ls dist/*.whl)[demo]"
	cd build/wheel && bin/ocop demo --no-serve --json > demo.json && bin/ocop sweep --on 2024-05-02 --json > sweep.json
	build/wheel/bin/python -c "import json; d = json.load(open('build/wheel/demo.json')); s = json.load(open('build/wheel/sweep.json')); assert (len(d['products']), d['letters'], s['flags_raised'], s['letters']) == (14, 7, 14, 8), (d, s)"
	@echo "the wheel shows 14 products, 7 letters on 23/4/2024, 14 flags and 8 letters on 2/5/2024"

bench: $(VENV)/.dev  ## each figure beside its floor; N=1000000 for the large run
	$(BIN)/python -m benchmarks --n $(N) $(ARGS)

growth: $(VENV)/.dev  ## time against N up to 1,000,000, drawn into docs/performance.svg: half an hour
	$(BIN)/python -m benchmarks.growth $(ARGS)

torture: $(VENV)/.dev  ## every ordeal at its large number (about two hours); ARGS='--scale 0.01' for a share
	$(BIN)/python -m tests.reliability.torture $(ARGS)

clean:  ## remove what was built, and the demonstration's data
	rm -rf $(VENV) build dist var .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
