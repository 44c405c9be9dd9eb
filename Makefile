# `make demo` and `make test` are enough to look around; `make help` lists the rest.
PYTHON ?= python3
EXTRAS ?= test
BIN := .venv/bin
CATALOGUES := $(wildcard src/subrenew/words/locale/*/LC_MESSAGES/subrenew.po)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test cover lint types docs demo-web test-web test-postgres test-django bench clauses regenerate check-generated clean

help:             ## list these targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1	\2/p' Makefile | expand -t 26

.venv/.stamp: pyproject.toml hatch_build.py $(CATALOGUES)
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --editable '.[$(EXTRAS)]'
	@touch $@

.venv/.docs: .venv/.stamp
	$(BIN)/pip install --quiet --editable '.[docs]'
	@touch $@

.venv/.examples: .venv/.stamp
	$(BIN)/pip install --quiet --editable '.[examples,test]'
	@touch $@

demo: .venv/.stamp  ## plan the renewals of a small portfolio, into build/
	@mkdir -p build
	$(BIN)/python examples/renewal_plan.py --on 2026-01-15 --locale en

test: .venv/.stamp  ## tests, and every example in README, docs and docstrings
	$(BIN)/python -m pytest -n 2 --dist loadfile

cover: .venv/.stamp  ## the same under branch coverage, 100 % or it fails
	$(BIN)/coverage erase
	SUBRENEW_PROFILE=cover $(BIN)/coverage run -m pytest -n 2 --dist loadfile -m "not exhaustive"
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

lint: .venv/.stamp  ## style, format and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: .venv/.stamp  ## mypy --strict
	$(BIN)/mypy

docs: .venv/.docs  ## the documentation, into docs/_build/html; a warning fails
	$(BIN)/sphinx-build -q -E -W --keep-going -b html docs docs/_build/html

demo-web: .venv/.examples  ## the web shop, on http://127.0.0.1:8000/
	$(BIN)/python examples/webshop/app.py --on 2025-12-10

test-web: .venv/.examples  ## the web shop in headless Chromium, screenshots into build/web/
	command -v chromium chromedriver >/dev/null || \
		(apt-get update -qq && apt-get install -y -qq chromium chromium-driver >/dev/null)
	$(BIN)/pip install --quiet 'selenium>=4.25'
	SUBRENEW_BROWSER=1 $(BIN)/python -m pytest tests/examples/test_webshop_browser.py

test-postgres: .venv/.examples  ## the example's storage on a PostgreSQL of its own
	$(BIN)/pip install --quiet 'psycopg[binary]>=3.2'
	examples/webshop/with-postgres $(BIN)/python -m pytest \
		tests/examples/test_storage_postgres.py tests/examples/test_race.py

test-django: .venv/.examples  ## the Django example on SQLite and on a PostgreSQL of its own
	$(BIN)/pip install --quiet 'psycopg[binary]>=3.2'
	examples/webshop/with-postgres $(BIN)/python -m pytest tests/examples/test_django_shop.py

bench: .venv/.stamp  ## how fast it is here
	$(BIN)/python benchmarks/run.py

clauses: .venv/.stamp  ## take each clause out of a copy of the code: a test of its own has to fail
	$(BIN)/python -m tools.clause_removal

regenerate: .venv/.stamp  ## write every file that is derived from the code
	$(BIN)/python -m tools.regenerate

check-generated: .venv/.stamp  ## fail if such a file is out of date
	$(BIN)/python -m tools.regenerate --check

clean:  ## remove what was built, and the environment
	rm -rf .venv build dist docs/_build .coverage .coverage.* .*_cache .hypothesis
	find src tests tools examples benchmarks -name __pycache__ -prune -exec rm -rf {} +
	find src -name '*.mo' -delete
