# Two commands matter: `make lab` and `make test`. Both need Python >= 3.11 and nothing else; uv is used where it is installed.

PORT    ?= 8888
BROWSER ?= yes
NOTEBOOK ?= notebooks/quickstart.ipynb
TESTS   ?=

UV   ?= $(shell command -v uv 2>/dev/null)
VENV := .venv
BIN  := $(VENV)/bin
PYTHON ?= $(shell for python in python3 python python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$python; break; }; done)
ROOT_FLAG := $(shell test "$$(id -u)" != 0 || echo --allow-root)

export UV_FIND_LINKS := $(or $(UV_FIND_LINKS),$(PIP_FIND_LINKS))
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# HF_NB_BROWSER, else one of this machine, else one that is installed now
FIND_BROWSER = HF_NB_BROWSER="$$($(BIN)/python tests/ui/browser.py)" && export HF_NB_BROWSER
PYTEST = $(BIN)/python -m pytest
# The panels, built again where labextension/ has changed; a tenth of a second where it has not.
FRONT = $(BIN)/python labextension/front.py

.DEFAULT_GOAL := help
.PHONY: help lab test check front conformance format notebooks bench soak clean
.DELETE_ON_ERROR:

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

lab: $(VENV)/all.stamp  ## JupyterLab on the quickstart, with an offline Hub          [PORT=8888 BROWSER=no NOTEBOOK=...]
	@$(FRONT)
	@export PATH="$(CURDIR)/$(BIN):$$PATH" && exec hf-nb hub run -- jupyter lab --LabApp.default_url=/lab/tree/$(NOTEBOOK) \
		--ip=127.0.0.1 --port=$(PORT) $(ROOT_FLAG) $(if $(filter no false 0,$(BROWSER)),--no-browser)

test: $(VENV)/dev.stamp  ## every test, the notebooks and a real browser, without a network  [TESTS="tests/hub -k word"]
	@$(FRONT) --packages
	@$(BIN)/python tests/node.py && $(BIN)/python -m tests.clients.prepare || \
		echo "A client of the Hub could not be installed: its tests will fail and say which." >&2
	@$(FIND_BROWSER) && echo "Browser: $$HF_NB_BROWSER" && $(BIN)/hf-nb hub build --all >/dev/null && \
		$(BIN)/python tests/guard/alone.py -- $(PYTEST) --durations=15 --durations-min=1 $(TESTS)

check: $(VENV)/dev.stamp  ## format, lint, types, layers and the fast tests: about three minutes
	@$(FRONT)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(PYTEST) -q --durations=5 -m "not slow and not ui and not notebooks and not bench" $(TESTS)

front: $(VENV)/dev.stamp  ## the panels and the JupyterLab extension, built; labextension/README.md says how to work on them
	@$(FRONT) --packages

conformance: $(VENV)/dev.stamp  ## the official client's own tests against the offline Hub
	@$(BIN)/python -m tests.clients.prepare >/dev/null && $(BIN)/python -m tests.clients.oracle

format: $(VENV)/dev.stamp  ## let ruff format and mend what it can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

notebooks: $(VENV)/dev.stamp  ## run the notebooks and save their outputs, which the tests then expect
	@$(FRONT)
	$(BIN)/python -m tests.rerun

bench: $(VENV)/dev.stamp  ## measure, print the tables, write tests/benchmarks/results.md
	$(BIN)/python tests/benchmarks/run.py

soak: $(VENV)/dev.stamp  ## long trials, written to tests/benchmarks/soak.md: the Hub under load; the Hub, then pulls, killed; jumps in 10 GB; models beyond the budget; judging  [SECONDS=300 KILLS=200 PULLS=20 JUMPS=200 CALLS=500 TRIALS=2000]
	@{ echo "## The offline Hub under load"; echo; echo '```'; } > tests/benchmarks/soak.md
	$(BIN)/python tests/benchmarks/soak.py $(or $(SECONDS),300) >> tests/benchmarks/soak.md
	@{ echo '```'; echo; echo "## The offline Hub killed while four clients write"; echo; echo '```'; } >> tests/benchmarks/soak.md
	$(BIN)/python tests/benchmarks/kills.py $(or $(KILLS),200) >> tests/benchmarks/soak.md
	@{ echo '```'; echo; echo "## Pulls killed and interrupted, and two processes on one cache"; echo; echo '```'; } >> tests/benchmarks/soak.md
	$(BIN)/python tests/benchmarks/pulls.py $(or $(PULLS),20) 60 >> tests/benchmarks/soak.md
	@{ echo '```'; echo; echo "## Memory after random jumps in 10 GB"; echo; } >> tests/benchmarks/soak.md
	$(BIN)/python tests/benchmarks/jumps.py $(or $(JUMPS),200) >> tests/benchmarks/soak.md
	@{ echo; echo "## More models than there is memory for"; echo; echo '```'; } >> tests/benchmarks/soak.md
	$(BIN)/python -m tests.benchmarks.pool $(or $(CALLS),500) >> tests/benchmarks/soak.md
	@{ echo '```'; echo; echo "## Judging: what intervals, looks and verdicts promise"; echo; echo '```'; } >> tests/benchmarks/soak.md
	$(BIN)/python -m tests.measure.simulated $(or $(TRIALS),2000) >> tests/benchmarks/soak.md
	@echo '```' >> tests/benchmarks/soak.md
	@cat tests/benchmarks/soak.md

clean:  ## take away what make made here
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache tests/ui/out

# What is installed follows these two files only. Constraints keep torch at the version whose CPU build is small.
$(VENV)/all.stamp: EXTRA := all
$(VENV)/dev.stamp: EXTRA := dev
$(VENV)/all.stamp $(VENV)/dev.stamp: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing .[$(EXTRA)] into $(VENV) (the first time takes a minute or two) ..."
	@rm -f $(VENV)/share/jupyter/labextensions/hf-nb 2>/dev/null || true  # a link: what lies behind it is not the installer's
	@if [ -n "$(UV)" ]; then \
		"$(UV)" pip install -q --python $(BIN)/python -c constraints.txt -e ".[$(EXTRA)]"; \
	else \
		$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null && \
		$(BIN)/python -m pip install -q -c constraints.txt -e ".[$(EXTRA)]"; \
	fi
	@touch $@ $(if $(filter dev,$(EXTRA)),$(VENV)/all.stamp)

$(VENV)/bin/python:
	@if [ -n "$(UV)" ]; then "$(UV)" venv -q --clear $(if $(PYTHON),--python $(PYTHON),--python '>=3.11') $(VENV); \
	elif [ -n "$(PYTHON)" ]; then $(PYTHON) -m venv $(VENV); \
	else echo "hf_nb needs Python 3.11 or newer; none is on the PATH. Name one: make PYTHON=/path/to/python3.12 ..." >&2; exit 1; fi
