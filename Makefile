# `make demo` and `make test` are enough to look around; `make help` lists the rest.
PYTHON ?= python3
EXTRAS ?= test
BIN := .venv/bin
CATALOGUES := $(wildcard src/subrenew/words/locale/*/LC_MESSAGES/subrenew.po)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test cover lint types docs bench regenerate check-generated clean

help:             ## list these targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1	\2/p' Makefile | expand -t 26

.venv/.stamp: pyproject.toml hatch_build.py $(CATALOGUES)
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --editable '.[$(EXTRAS)]'
	@touch $@

.venv/.docs: .venv/.stamp
	$(BIN)/pip install --quiet --editable '.[docs]'
	@touch $@

demo: .venv/.stamp  ## plan the renewals of a small portfolio, into build/
	@mkdir -p build
	$(BIN)/python examples/renewal_plan.py --on 2026-01-15 --locale en

test: .venv/.stamp  ## tests, and every example in README, docs and docstrings
	$(BIN)/python -m pytest

cover: .venv/.stamp  ## the same under branch coverage, 100 % or it fails
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -m "not exhaustive"
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

lint: .venv/.stamp  ## style, format and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: .venv/.stamp  ## mypy --strict
	$(BIN)/mypy

docs: .venv/.docs  ## the documentation, into docs/_build/html; a warning fails
	$(BIN)/sphinx-build -q -W --keep-going -b html docs docs/_build/html

bench: .venv/.stamp  ## how fast it is here
	$(BIN)/python benchmarks/run.py

regenerate: .venv/.stamp  ## write every file that is derived from the code
	$(BIN)/python -m tools.regenerate

check-generated: .venv/.stamp  ## fail if such a file is out of date
	$(BIN)/python -m tools.regenerate --check

clean:  ## remove what was built, and the environment
	rm -rf .venv build dist docs/_build .coverage .coverage.* .*_cache .hypothesis
	find src tests tools examples benchmarks -name __pycache__ -prune -exec rm -rf {} +
	find src -name '*.mo' -delete
