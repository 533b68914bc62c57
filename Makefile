# The two commands: `make reports` and `make test`. Each sets up what it needs; either may be the first one run.
PYTHON ?= $(shell command -v python3.11 || command -v python3 || command -v python)
VENV   ?= .venv
BIN     = $(VENV)/bin
JOBS   ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
READY   = $(VENV)/.ready
# JupyterLab has an environment of its own: its checks of addresses cost whoever imports nbformat beside it two seconds,
# and no report needs it.
LAB    := .venv-lab
LOWEST := .venv-lowest
# Programs that are not ours and read what we write; they ask for other packages than we do.
FOREIGN := .venv-foreign
# Where it is set, each of the many short processes would compile anew what it imports.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: reports test check check-reports short lowest newest ready environments lab foreign lint docs site bench lock clean

reports: $(READY)  ## render every report of every review in data/ anew, and say whether a byte differs
	@$(BIN)/casechron render --all --force --jobs $(JOBS)

test: $(READY)  ## all tests: units, doctests, and nbval on the executed reports
	$(BIN)/python -m pytest -n $(JOBS) --dist loadscope --no-loadscope-reorder

check: $(READY)  ## check every review in data/ against the codebook, and against its text where that travels with it
	@$(BIN)/casechron check --all
	@$(BIN)/casechron verify --all

check-reports: $(READY)  ## render anew elsewhere and fail on any byte that differs from reports/
	@$(BIN)/casechron check-reports --jobs $(JOBS)

# What another Python or another package can change: the engines, and every byte of the reports.
SHORT = $(patsubst %,tests/test_%.py,network engine chronology dates)
short: $(READY)
	$(BIN)/python -m pytest -n $(JOBS) $(SHORT)
	@$(BIN)/casechron check-reports --jobs $(JOBS)

# What is done with another Python or other packages.
GOAL ?= short

lowest:  ## that with the oldest packages that pyproject.toml allows; for the oldest Python
	@$(MAKE) --no-print-directory VENV=$(LOWEST) $(GOAL)

ready: $(READY)  ## set up the environment, and nothing else

# Setting one up is work for one processor, for the most part.
environments:  ## set up all of them, several at a time
	@$(MAKE) --no-print-directory --jobs $(JOBS) GOAL=ready ready $(LAB)/.ready $(FOREIGN)/.ready lowest newest

# Where pyenv keeps several, a name such as python3.12 leads to one only if its version is chosen. Those between the oldest,
# which `lowest` tries, and the newest have shown nothing of their own.
newest:  ## that with the newest Python that is found here
	@for version in 3.14 3.13 3.12; do \
	  if python=$$(PYENV_VERSION=$$(pyenv latest $$version 2>/dev/null) python$$version -c 'import sys; print(sys.executable)' 2>/dev/null); \
	  then exec $(MAKE) --no-print-directory PYTHON="$$python" VENV=.venv-$$version $(GOAL); fi; done; \
	echo "No newer Python is found here, so none was tried."

# Who runs this trusts the reports beside it; the signatures stay in that environment.
SIGNED   = $(CURDIR)/$(LAB)/share/jupyter
EXECUTED = $(wildcard reports/*/*.ipynb)
lab: $(LAB)/.ready  ## open the notebooks in JupyterLab; LAB_OPTIONS="--no-browser" and the like are passed on
	@$(if $(EXECUTED),JUPYTER_DATA_DIR="$(SIGNED)" $(LAB)/bin/python -m nbformat.sign $(EXECUTED) >/dev/null)
	JUPYTER_PREFER_ENV_PATH=1 $(LAB)/bin/python -m jupyterlab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/notebooks \
	  --NotebookNotary.data_dir="$(SIGNED)" $(LAB_OPTIONS)

foreign: $(READY) $(FOREIGN)/.ready  ## programs that are not ours open each format that `casechron export` writes
	CASECHRON_EVERY=1 $(BIN)/python -m pytest -n 0 tests/test_foreign.py

lint: $(READY)
	$(BIN)/ruff format --check src tests validation benchmarks .ci docs
	$(BIN)/ruff check src tests validation benchmarks .ci docs
	$(BIN)/mypy
	@echo "What is imported is declared: the package alone, then all that is here"
	$(BIN)/deptry src notebooks --extend-exclude src/conftest.py --optional-dependencies-dev-groups docs,lab,nbval,test
	$(BIN)/deptry src notebooks tests validation benchmarks docs .ci

docs: $(READY)  ## rewrite docs/codebook.md from the codebook
	$(BIN)/casechron codebook > docs/codebook.md

# A warning is an error: a link that leads nowhere, a public function whose docstring lacks a part. The reports stand beside
# it as they are committed.
SITE = build/site
site: $(VENV)/.docs  ## build the site: docs/, the public functions of the package, and reports/ under reports/
	rm -rf $(SITE)
	$(BIN)/python -m sphinx --quiet --fail-on-warning --keep-going --fresh-env --doctree-dir build/doctrees docs $(SITE)
	cp -R reports $(SITE)/reports
	@echo "The site: $(SITE)/index.html"

bench: $(READY)  ## measure the chronology engine and the dates; docs/performance.md keeps results
	$(BIN)/python benchmarks/dates.py
	$(BIN)/python benchmarks/chronology.py

# Versions and hashes only; needs `uv`, which is no part of the environment. Three files say what they have beyond
# requirements.lock: JupyterLab's and the site's say what they add, and the lowest what is older where each package that pyproject.toml
# names is the oldest that it allows, on the oldest Python.
COMPILE = uv pip compile --quiet --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url
ALL     = pyproject.toml requirements.build --extra test --extra cluster --extra pdf
BEYOND  = awk 'NR == FNR { if (/^[^ ]/) known[$$0]; next } /^[^ ]/ { keep = !($$0 in known) } keep' requirements.lock
lock:
	mkdir -p build
	echo pip | $(COMPILE) --universal - --output-file requirements-pip.lock
	$(COMPILE) --universal $(ALL) --output-file requirements.lock
	for extra in lab docs; do \
	  cat requirements.lock requirements-$$extra.lock | grep -v '^-r' > build/$$extra.lock && \
	  $(COMPILE) --universal $(ALL) --extra $$extra --constraint requirements.lock --output-file build/$$extra.lock && \
	  { echo "-r requirements.lock"; $(BEYOND) build/$$extra.lock; } > requirements-$$extra.lock || exit 1; done
	$(COMPILE) --universal requirements-foreign.in --output-file requirements-foreign.lock
	$(COMPILE) $(ALL) --no-deps --resolution lowest-direct --output-file build/direct.lock
	cp requirements.lock build/lowest.lock
	$(COMPILE) $(ALL) --constraint build/direct.lock --output-file build/lowest.lock
	$(BEYOND) build/lowest.lock > requirements-lowest.lock

# The installer first: one that came with an old Python needs three times as long. It would compile by itself, but on one
# processor, and the tests of the packages too.
INSTALL = -m pip install --quiet --disable-pip-version-check --no-compile

$(READY): requirements.lock
$(READY): LOCKED = requirements.lock
$(LAB)/.ready: requirements-lab.lock
$(LAB)/.ready: LOCKED = requirements-lab.lock
$(LOWEST)/.ready: requirements-lowest.lock
$(LOWEST)/.ready: LOWERED = requirements-lowest.lock
$(READY) $(LAB)/.ready: requirements-pip.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "casechron needs Python 3.11 or newer; name one with: make PYTHON=python3.12 ...")'
	@echo "Setting up $(@D), once; it takes about a minute."
	@echo "  1 of 4: an environment of its own, and its installer"
	@$(PYTHON) -m venv $(@D)
	@$(@D)/bin/python $(INSTALL) --require-hashes --requirement requirements-pip.lock
	@echo "  2 of 4: the packages of $(LOCKED), which takes longest"
	@$(@D)/bin/python $(INSTALL) --require-hashes --requirement $(LOCKED)
	@$(if $(LOWERED),$(@D)/bin/python $(INSTALL) --no-deps --require-hashes --requirement $(LOWERED))
	@echo "  3 of 4: compiling them"
	@$(@D)/bin/python -m compileall -q -j 0 -x '/tests?/' $(@D)/lib
	@echo "  4 of 4: casechron itself"
	@$(@D)/bin/python $(INSTALL) --no-deps --no-build-isolation --editable .
	@$(@D)/bin/python -m pip check
	@touch $@

$(FOREIGN)/.ready: requirements-pip.lock requirements-foreign.lock
	@$(PYTHON) -m venv $(@D)
	@$(@D)/bin/python $(INSTALL) --require-hashes --requirement requirements-pip.lock
	@$(@D)/bin/python $(INSTALL) --require-hashes --requirement requirements-foreign.lock
	@touch $@

# What the site needs more, where it is asked for: the same environment, since it imports the package.
$(VENV)/.docs: requirements-docs.lock $(READY)
	$(BIN)/python $(INSTALL) --require-hashes --requirement $<
	@touch $@

clean:
	rm -rf .venv .venv-* build
