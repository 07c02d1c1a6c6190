# Two commands are enough: `make run` shows the service, `make test` proves it.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
N      ?= 100000

# the other Pythons that the wheel is tried on, where they are here
PYTHONS ?= python3.11 python3.12 python3.13

.PHONY: help run test test-all tools check lint types imports lint-api generator wheel wheels sbom trial bench growth screens torture clean clean-data anew
.DEFAULT_GOAL := help

help:  ## say what there is to do
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

NEW_ENOUGH = $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "Python 3.11 or newer is needed; say which with: make PYTHON=python3.12 ..."; exit 1; }

# whoever names a Python gets that one: an environment of another is made anew
ifneq ($(origin PYTHON),file)
ifneq ($(wildcard $(BIN)/python),)
ifneq ($(shell $(PYTHON) -V 2>&1),$(shell $(BIN)/python -V 2>&1))
ANEW := anew
endif
endif
endif

anew:
	@$(NEW_ENOUGH)
	@echo "$(VENV) is of $$($(BIN)/python -V 2>&1); made anew, of $$($(PYTHON) -V)"
	rm -rf $(VENV)

$(BIN)/python: $(ANEW)
	@$(NEW_ENOUGH)
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml constraints.txt $(ANEW) | $(BIN)/python
	$(PIP) --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt $(ANEW) | $(BIN)/python
	$(PIP) --editable '.[postgres,test,dev]'
	@touch $@ $(VENV)/.run

run: $(VENV)/.run  ## set up, then open the console on the real 2024 plan with its 14 products
	$(BIN)/ocop demo

# hundreds of processes are started: each would compile the service anew where nobody may keep what was compiled
test test-all: export PYTHONDONTWRITEBYTECODE =

test: $(VENV)/.dev  ## the tests of every part, on PostgreSQL too where the two differ: minutes
	$(BIN)/pytest --numprocesses auto --each-once -m 'not torture and not ordeal' $(ARGS)

tools:  ## strace, pgbouncer, nginx and chromium from Debian's packages, where they are not here yet
	.ci/tools

# what tells what the tests see makes them take twice as long: it looks at those of `make test`, which see it all
test-all: $(VENV)/.dev tools  ## each on both databases, every ordeal at its small number, the browser; with coverage
	$(BIN)/coverage erase
	$(BIN)/pytest --numprocesses auto --each-once -m 'not torture and not ordeal' --cov --cov-report= $(ARGS)
	$(BIN)/coverage report --fail-under 95
	$(BIN)/coverage report --fail-under 100 --include 'ocop_workflow/regulations/*,ocop_workflow/states/*,ocop_workflow/calendar/*'
	$(BIN)/pytest --numprocesses auto --the-rest $(ARGS)

check: lint types imports test-all  ## everything that has to be right before a commit lands

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.dev
	$(BIN)/mypy

imports: $(VENV)/.dev
	$(BIN)/lint-imports

# the two linters of OpenAPI documents are programs for node; what they ask is kept by tests/web/test_contract.py too
REDOCLY  := @redocly/cli@2.77.0
SPECTRAL := @stoplight/spectral-cli@6.16.3

lint-api: $(VENV)/.dev  ## hold the OpenAPI document against all that redocly and spectral recommend; needs node
	mkdir -p build/api
	$(BIN)/python -m tests.web.cast > build/api/openapi.json
	printf 'extends: [recommended-strict]\n' > build/api/redocly.yaml
	printf 'extends: ["spectral:oas"]\n' > build/api/spectral.yaml
	@if npx --yes $(REDOCLY) --version && npx --yes $(SPECTRAL) --version; then \
		npx --yes $(REDOCLY) lint --config build/api/redocly.yaml --format stylish build/api/openapi.json && \
		npx --yes $(SPECTRAL) lint --ruleset build/api/spectral.yaml --fail-severity hint build/api/openapi.json; \
	else echo "redocly and spectral cannot be had here: only tests/web/test_contract.py looked at the document"; fi

# the generator of clients wants another typer than the service: an environment of its own
build/generator/.made: tests/client/requirements.txt
	rm -rf build/generator
	$(PYTHON) -m venv build/generator
	build/generator/bin/python -m pip install --quiet --disable-pip-version-check --constraint $< openapi-python-client
	@touch $@

generator: build/generator/.made  ## set up what makes a client from the OpenAPI document: then tests/client runs

wheel: $(VENV)/.dev  ## build the wheel, install it into an empty environment and try it there
	rm -rf dist
	$(BIN)/python -m build --wheel --outdir dist . > /dev/null
	@$(MAKE) --no-print-directory trial ON=$(PYTHON)

wheels: wheel  ## likewise on each of PYTHONS that is here
	@for python in $(PYTHONS); do \
		if $$python -c pass 2> /dev/null; then $(MAKE) --no-print-directory trial ON=$$python || exit 1; \
		else echo "$$python is not here: the wheel was not tried on it"; fi; done

sbom: wheel  ## what the wheel is made of, as a bill of materials beside it
	build/wheel/bin/python .ci/sbom.py > dist/sbom.json
	@echo "dist/sbom.json: $$(grep -c '"purl"' dist/sbom.json) packages"

trial:
	rm -rf build/wheel
	$(ON) -m venv build/wheel
	build/wheel/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt "$$(ls dist/*.whl)"
	cd build/wheel && bin/ocop demo --no-serve --json > demo.json && \
		OCOP_DATABASE_URL=sqlite:///var/demo/demo.sqlite3 bin/ocop sweep --on 2024-05-02 --json > sweep.json
	build/wheel/bin/python -c "import json; d = json.load(open('build/wheel/demo.json')); s = json.load(open('build/wheel/sweep.json')); assert (len(d['products']), d['letters'], s['flags_raised'], s['letters']) == (14, 7, 14, 8), (d, s)"
	@echo "$$($(ON) -V): the wheel shows 14 products, 7 letters on 23/4/2024, 14 flags and 8 letters on 2/5/2024"

screens: $(VENV)/.dev  ## the pictures of the console in docs/screens, taken anew
	mkdir -p docs/screens
	OCOP_TEST_SCREENS=docs/screens $(BIN)/pytest tests/browser/test_screens.py

bench: $(VENV)/.dev  ## each figure beside its floor; N=1000000 for the large run
	$(BIN)/python -m benchmarks --n $(N) $(ARGS)

growth: $(VENV)/.dev  ## time against N up to 1,000,000, drawn into docs/performance.svg: half an hour
	$(BIN)/python -m benchmarks.growth $(ARGS)

torture: $(VENV)/.dev  ## every ordeal at its large number: hours; SHARE=3/20: the third of twenty shares
	$(BIN)/python -m tests.reliability.torture $(if $(SHARE),--share $(SHARE)) $(ARGS)

clean:  ## remove what was built; var/ with its data stays
	rm -rf $(VENV) build dist .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

clean-data:  ## remove var/ with all data in it: says what that is, needs CONFIRM=yes
	@if [ ! -e var ]; then echo "There is no var/ here."; \
	elif [ "$(CONFIRM)" = yes ]; then rm -rf var && echo "var/ has been removed."; \
	else echo "This would remove, for good:"; find var -type f | sort | sed 's/^/  /'; \
		echo "Nothing was removed. To do it: make clean-data CONFIRM=yes"; exit 1; fi
