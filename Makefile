# Every target sets .venv up by itself, and again whenever pyproject.toml has changed.
PYTHON ?= python3
VENV := .venv
STAMP := $(VENV)/.ready
RUN := $(VENV)/bin/press-brief
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help brief check test lint format bench clean

help:
	@echo "make brief   set up, read seeds/, leave a finished run in outputs/"
	@echo "make test    set up, run all tests"
	@echo "make lint    ruff and mypy"
	@echo "make bench   speed and memory against the plain way of translating"

# torch: the pinned release first, so that no other package pulls a larger build of it.
$(STAMP): pyproject.toml
	test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet "torch==2.13.0"
	$(VENV)/bin/python -m pip install --quiet --editable ".[dev]"
	touch $(STAMP)

brief: $(STAMP)
	$(RUN) run

check: $(STAMP)
	$(RUN) check

test: $(STAMP)
	$(VENV)/bin/python -m pytest

lint: $(STAMP)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

format: $(STAMP)
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

bench: $(STAMP)
	$(VENV)/bin/python benchmarks/speed.py

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache
