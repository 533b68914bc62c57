# The two commands: `make reports` and `make test`. Each sets up what it needs; either may be the first one run.
PYTHON ?= $(shell command -v python3.11 || command -v python3 || command -v python)
VENV   := .venv
BIN    := $(VENV)/bin
JOBS   ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
READY  := $(VENV)/.ready
# JupyterLab has an environment of its own: its checks of addresses cost whoever imports nbformat beside it two seconds,
# and no report needs it.
LAB    := .venv-lab
# Where it is set, each of the many short processes would compile anew what it imports.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: reports test check check-reports lab lint docs bench lock clean

reports: $(READY)  ## render every report of every review in data/
	@$(BIN)/casechron render --all --jobs $(JOBS)

test: $(READY)  ## all tests: units, doctests, and nbval on the executed reports
	$(BIN)/python -m pytest -n $(JOBS) --dist loadscope --no-loadscope-reorder

check: $(READY)  ## check every review in data/ against the codebook
	@$(BIN)/casechron check --all

check-reports: $(READY)  ## render anew elsewhere and fail on any byte that differs from reports/
	@$(BIN)/casechron check-reports --jobs $(JOBS)

lab: $(LAB)/.ready  ## open the notebooks in JupyterLab; LAB_OPTIONS="--no-browser" and the like are passed on
	JUPYTER_PREFER_ENV_PATH=1 $(LAB)/bin/python -m jupyterlab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/notebooks $(LAB_OPTIONS)

lint: $(READY)
	$(BIN)/ruff format --check src tests benchmarks .ci docs
	$(BIN)/ruff check src tests benchmarks .ci docs
	$(BIN)/mypy
	@echo "What is imported is declared: the package alone, then all that is here"
	$(BIN)/deptry src notebooks --optional-dependencies-dev-groups lab,nbval,test
	$(BIN)/deptry src notebooks tests benchmarks docs .ci

docs: $(READY)  ## rewrite docs/codebook.md from the codebook
	$(BIN)/casechron codebook > docs/codebook.md

bench: $(READY)  ## measure the chronology engine and the dates; docs/performance.md keeps results
	$(BIN)/python benchmarks/dates.py
	$(BIN)/python benchmarks/chronology.py

# Versions and hashes only; needs `uv`, which is no part of the environment.
COMPILE = uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url
LOCK    = $(COMPILE) pyproject.toml requirements.build --extra test --extra cluster
lock:
	echo pip | $(COMPILE) - --output-file requirements-pip.lock
	$(LOCK) --output-file requirements.lock
	$(LOCK) --extra lab --constraint requirements.lock --output-file requirements-lab.lock

# The installer first: one that came with an old Python needs three times as long. It would compile by itself, but on one
# processor, and the tests of the packages too.
INSTALL = -m pip install --quiet --disable-pip-version-check --no-compile

$(VENV)/.ready: requirements.lock
$(LAB)/.ready: requirements-lab.lock
$(VENV)/.ready: LOCKED = requirements.lock
$(LAB)/.ready: LOCKED = requirements-lab.lock
$(VENV)/.ready $(LAB)/.ready: requirements-pip.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "casechron needs Python 3.11 or newer; name one with: make PYTHON=python3.12 ...")'
	@echo "Setting up $(@D) from $(LOCKED): about a minute, once."
	@$(PYTHON) -m venv $(@D)
	@$(@D)/bin/python $(INSTALL) --require-hashes --requirement requirements-pip.lock
	@$(@D)/bin/python $(INSTALL) --require-hashes --requirement $(LOCKED)
	@$(@D)/bin/python -m compileall -q -j 0 -x '/tests?/' $(@D)/lib
	@$(@D)/bin/python $(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf $(VENV) $(LAB) build
