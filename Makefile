# Everything a person or a machine does with this repository. Needs Python 3.11 or newer with venv, and make.
.DEFAULT_GOAL := run
SHELL := /bin/bash

PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
PY := .venv/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --no-compile
STAMPS := .stamps
# Two processes, of which the one that is done first takes over from the other. In the browser the tests of a file stay together: they share
# what the house of a process holds.
PYTEST := $(PY) -m pytest -n 2 --dist worksteal
UI := renmai/kernel/ui
QUICK := not (browser or fuzz or property or whole)
QUICK_FILES := renmai tests $(addprefix --ignore=tests/,e2e fuzz whole)
# The files with tests so marked: to collect all the others, in each process, costs more than to look for these.
marked = $(shell grep --recursive --files-with-matches --extended-regexp --include='test_*.py' 'mark\.($(1))\b' renmai tests)

CATALOGUES := $(wildcard renmai/locale/*/LC_MESSAGES/*.po)
PYTHON_SOURCES := $(shell find renmai -name '*.py' -not -path '*/tests/*')
# The style sheet and the icons hold only what templates and code name, so these are sources of the front end too.
FRONT_SOURCES := package.json package-lock.json $(PYTHON_SOURCES) \
	$(shell find renmai -path $(UI)/static/build -prune -o -type f -name '*.jinja' -print) $(shell find $(UI)/front -type f)
NODE_IS_HERE := $(shell node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null && echo yes)

.PHONY: run bench build built test check unit contract slow fuzz browser whole chromium pictures messages special-days migrations lock format clean help

run: build ## Start everything with the sample company, at http://127.0.0.1:8000
	@exec $(PY) -m renmai serve --sample

build: ## Make the environment, the front end and the catalogues
	@$(MAKE) --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,--jobs=2) built

built: $(STAMPS)/base $(STAMPS)/compiled $(CATALOGUES:.po=.mo) $(STAMPS)/static
	@:

# The environment ---------------------------------------------------------------------------------------------------------

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Renmai needs Python 3.11 or newer: install it, or name it with 'make PYTHON=/path/to/python3'." >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv is missing: install it (on Debian: apt install python3-venv)." >&2; exit 1; }

$(STAMPS)/base: requirements/base.txt pyproject.toml | .venv/bin/python
	@echo "Installing what Renmai needs…"
	@$(PIP) --require-hashes -r requirements/base.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@$(PY) -m compileall -qq -j 0 .venv/lib
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/compiled: $(PYTHON_SOURCES) | $(STAMPS)/base
	@$(PY) -m compileall -qq renmai
	@mkdir -p $(STAMPS) && touch $@

# The front end -----------------------------------------------------------------------------------------------------------

ifneq ($(NODE_IS_HERE),yes)
NODE_STAMP := $(STAMPS)/node
NODE_PATH := PATH="$(CURDIR)/.venv/bin:$$PATH"

$(STAMPS)/node: requirements/node.txt $(STAMPS)/base
	@echo "Installing Node…"
	@$(PIP) --require-hashes -r requirements/node.txt
	@mkdir -p $(STAMPS) && touch $@
endif

$(STAMPS)/dev: requirements/dev.txt $(STAMPS)/base | $(NODE_STAMP)
	@echo "Installing what the tests need…"
	@$(PIP) --require-hashes -r requirements/dev.txt
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/modules: package-lock.json $(NODE_STAMP)
	@echo "Installing the front end's libraries…"
	@$(NODE_PATH) npm ci --no-audit --no-fund --silent
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/front: $(FRONT_SOURCES) $(STAMPS)/modules
	@echo "Building the front end…"
	@$(NODE_PATH) npm run --silent build
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/static: $(STAMPS)/front $(STAMPS)/base
	@RENMAI_SECRET_KEY=build DJANGO_SETTINGS_MODULE=renmai.config.settings $(PY) -m django collectstatic --noinput --clear --verbosity 0
	@mkdir -p $(STAMPS) && touch $@

# Words -------------------------------------------------------------------------------------------------------------------

%.mo: %.po $(STAMPS)/base
	@.venv/bin/pybabel --quiet compile --input-file $< --output-file $@

messages: $(STAMPS)/dev ## Take the words from code and templates into the catalogues
	@$(PY) tools/messages.py

special-days: $(STAMPS)/dev ## Write the holidays that come with the program anew
	@.venv/bin/uv run --no-project --with holidays tools/special_days.py

migrations: $(STAMPS)/base ## Write the steps that bring the tables after the models
	@$(PY) tools/migrations.py

# Tests -------------------------------------------------------------------------------------------------------------------

# A database with all tables, which the parts of the tests copy.
$(STAMPS)/tables: $(wildcard renmai/*/migrations/*.py) requirements/base.txt tools/tables.py | build
	@$(PY) tools/tables.py && touch $@

# What keeps one core busy (pip, npm, mypy, a database) stands beside something else that does; and each run of pytest begins with
# three processes that load the whole program, so that there are as few as can be.
test: ## Check everything, as .ci/run does
	@$(MAKE) --no-print-directory --jobs=2 built $(STAMPS)/dev
	@$(MAKE) --no-print-directory --jobs=2 check $(STAMPS)/tables chromium
	$(PYTEST) -m "$(QUICK)" $(QUICK_FILES)
	@$(MAKE) --no-print-directory slow

check: build $(STAMPS)/dev ## Format, lint, types, import direction
	.venv/bin/ruff format --check --quiet .
	.venv/bin/ruff check --quiet .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo

unit: build $(STAMPS)/dev $(STAMPS)/tables ## Tests beside the code
	$(PYTEST) -m "$(QUICK)" renmai

contract: build $(STAMPS)/dev $(STAMPS)/tables ## Tests over every type, every catalogue and real files
	$(PYTEST) -m "$(QUICK)" $(filter-out renmai,$(QUICK_FILES))

slow: build $(STAMPS)/dev $(STAMPS)/tables chromium ## Browser, generated inputs and requests, and the whole program started and killed
	$(PYTEST) -m "fuzz or property or whole" $(call marked,fuzz|property|whole)
	$(PYTEST) --dist loadfile -m browser $(call marked,browser)

fuzz: build $(STAMPS)/dev $(STAMPS)/tables
	$(PY) -m pytest -m fuzz $(call marked,fuzz)

browser: build $(STAMPS)/dev $(STAMPS)/tables chromium
	$(PY) -m pytest -m browser $(call marked,browser)

whole: build $(STAMPS)/dev $(STAMPS)/tables
	$(PY) -m pytest -m whole $(call marked,whole)

chromium:
	@command -v chromium >/dev/null || { \
		test "$$(id -u)" = 0 && command -v apt-get >/dev/null && echo "Installing Chromium…" && \
		apt-get -qq update && apt-get -qq install --yes --no-install-recommends chromium fonts-noto-cjk fonts-thai-tlwg >/dev/null; } || \
		{ echo "The browser tests need Chromium: install it (on Debian: apt install chromium fonts-noto-cjk fonts-thai-tlwg)." >&2; exit 1; }

pictures: build $(STAMPS)/dev chromium ## Take the pictures of the README
	@$(PY) tools/pictures.py

bench: build $(STAMPS)/dev chromium ## Measure how fast it is: make bench SCALE=small, large, million or twins
	$(PY) -m renmai bench run --scale $(or $(SCALE),small)

format: $(STAMPS)/dev ## Put the code into its form
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

# Requirements ------------------------------------------------------------------------------------------------------------

lock: $(STAMPS)/dev ## Lock the requirements again, with hashes
	@for name in base dev node; do \
		.venv/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 \
			requirements/$$name.in --output-file requirements/$$name.txt || exit 1; done

clean: ## Remove what was made, but not the data
	rm -rf .venv node_modules static $(STAMPS) $(UI)/static/build

help: ## Show what there is
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12
