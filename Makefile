# The two commands: `make reports` and `make test`. Each sets up what it needs; either may be the first one run.
PYTHON ?= $(shell command -v python3.11 || command -v python3 || command -v python)
VENV   := .venv
BIN    := $(VENV)/bin
JOBS   ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
READY  := $(VENV)/.ready

.PHONY: reports test check check-reports lab lint docs bench lock clean

reports: $(READY)  ## render every report of every review in data/
	@$(BIN)/casechron render --all --jobs $(JOBS)

test: $(READY)  ## all tests: units, doctests, and nbval on the executed reports
	$(BIN)/python -m pytest -n $(JOBS) --dist loadscope

check: $(READY)  ## check every review in data/ against the codebook
	@$(BIN)/casechron check --all

check-reports: $(READY)  ## render anew elsewhere and fail on any byte that differs from reports/
	@$(BIN)/casechron check-reports --jobs $(JOBS)

lab: $(READY)  ## open the notebooks in JupyterLab
	$(BIN)/python -m jupyterlab notebooks

lint: $(READY)
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/mypy

docs: $(READY)  ## rewrite docs/codebook.md from the codebook
	$(BIN)/casechron codebook > docs/codebook.md

bench: $(READY)  ## measure the chronology engine and the dates; docs/performance.md keeps results
	$(BIN)/python benchmarks/dates.py
	$(BIN)/python benchmarks/chronology.py

# Versions and hashes only; needs `uv`, which is no part of the environment. JupyterLab has a lock of its own: its
# checks of addresses cost whoever imports nbformat beside it two seconds, and no report needs it.
LOCK = uv pip compile pyproject.toml requirements.build --universal --python-version 3.11 \
  --generate-hashes --no-header --no-annotate --no-emit-index-url
lock:
	$(LOCK) --extra test --extra cluster --output-file requirements.lock
	$(LOCK) --extra test --extra cluster --extra lab --constraint requirements.lock --output-file requirements-lab.lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "casechron needs Python 3.11 or newer; name one with: make PYTHON=python3.12 ...")'
	@echo "Setting up $(VENV) from requirements.lock: about two minutes, once."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

clean:
	rm -rf $(VENV) build
