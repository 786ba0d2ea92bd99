# A contact centre in one command: make demo
#   make setup   everything that is needed, only what is missing
#   make demo    the contact centre with simulated agents and callers (CALLERS=0: a quiet floor)
#   make test    all tests, on a real Asterisk (WORKERS=0: one after the other; ARGS=tests/web: some)
#   make lint    style, types, directions of imports
#   make simulate  a thousand hours of fifty agents on virtual time, with everything going wrong
#   make bench   measures, written to bench-results/
#   make image   the container image, with buildah
#   make image-test   whole calls through that image
#   make up      the same with PostgreSQL, by docker compose
#   make clean   removes what was built; keeps .var (your calls) and the private Asterisk

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

VENV := $(CURDIR)/.venv
PYTHON_IN := $(VENV)/bin/python
export CCENGINE_VENV := $(VENV)
WORKERS ?= 3
ifdef CALLERS
export CALLERS
endif

.PHONY: help setup setup-test demo test lint bench simulate image image-test up clean

help:
	@sed -n 's/^# \{0,1\}//p' Makefile | head -n 12

setup:
	@scripts/setup run

setup-test:
	@scripts/setup test

demo: setup
	@exec $(PYTHON_IN) -m demo

test: setup-test
	@# Callers and phones wait more than they compute: three workers keep two cores busy
	@# (tests/kit/side_by_side.py).
	@$(PYTHON_IN) -m pytest -n $(WORKERS) $(ARGS)

bench: setup
	@$(PYTHON_IN) -m bench $(ARGS)

simulate: setup
	@$(PYTHON_IN) -m tests.simulation $(ARGS)

lint: setup
	@echo "lint: ruff" && $(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@echo "lint: mypy" && $(VENV)/bin/mypy
	@echo "lint: imports" && $(VENV)/bin/lint-imports
	@echo "lint: pages" && scripts/check-ui

image:
	@scripts/image

image-test: setup-test
	@# Callers and phones wait more than they compute: three workers keep two cores busy
	@# (tests/kit/side_by_side.py).
	@scripts/image-test $(ARGS)

up: .var/compose/database_password
	@docker compose up --build

.var/compose/database_password:
	@install -d -m 700 .var .var/compose
	@# Readable for the two users inside the containers; its folder is closed to others.
	@head -c 24 /dev/urandom | base64 | tr '+/' '-_' > $@ && chmod 644 $@

clean:
	@rm -rf build dist bench-results ccengine/web/static ui/node_modules *.egg-info \
	  .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './.venv/*' -not -path './.asterisk-root/*' \
	  -prune -exec rm -rf {} +
