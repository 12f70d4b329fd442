# `make help` lists what there is. Everything runs in the virtual environment .venv, made on demand.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app wsgi

.DEFAULT_GOAL := help
.PHONY: help setup run test test-15 lint types imports migrate migrations-check seed worker openapi fuzz kill-test bench eval simulate check format

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "%-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(BIN)/pytest: requirements.txt requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet -r requirements-dev.txt
	@touch $@

setup: $(BIN)/pytest ## a virtual environment with everything that work on the code needs

run: setup ## the whole product on http://127.0.0.1:8000, with the demo neighbourhood
	$(BIN)/python wsgi.py

test: setup ## all tests, on the embedded PostgreSQL
	$(BIN)/pytest -n 2 --dist loadgroup

test-15: setup ## all tests, on Debian's PostgreSQL 15
	NEIGHBOURLY_TEST_POSTGRES=/usr/lib/postgresql/15/bin $(BIN)/pytest -n 2 --dist loadgroup

format: setup ## put the code into its usual form
	$(BIN)/ruff check --fix . && $(BIN)/ruff format .

lint: setup ## ruff: rules and form
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: setup ## mypy, strict
	$(BIN)/mypy

imports: setup ## the order of imports
	$(BIN)/lint-imports

migrate: setup ## bring the database up to date
	$(FLASK) db upgrade

migrations-check: setup ## whether models and migrations say the same
	$(BIN)/pytest -q -n0 tests/architecture/test_migrations.py

seed: setup ## load the demo neighbourhood into the data folder's database
	$(FLASK) demo load

worker: setup ## a worker beside an app that runs elsewhere
	$(FLASK) worker

openapi: setup ## check the OpenAPI document: redocly, then schemathesis as a signed-in neighbour
	.ci/check-openapi

fuzz: setup ## draw anew: other examples and more of them, another order; SEED=… draws one again
	.ci/fuzz $(SEED)

kill-test: setup ## SIGKILL under load: 20 kills with a fixed seed, or KILLS=1000 SEED=… of them
	$(BIN)/python -m tests.resilience --kills $(or $(KILLS),20) --seed $(or $(SEED),20)

bench: setup ## the benchmark table, and what one account can cost (docs/costs.md); takes about half an hour
	$(BIN)/python -m tests.benchmarks
	$(BIN)/python -m tests.benchmarks.costs

eval: setup ## how well needs find offers, and what titles are taken for
	$(BIN)/python -m tests.evaluation

simulate: setup ## who is asked how often within ninety days, drawn in docs/fairness.svg
	$(BIN)/python -m tests.simulation

check: ## everything that must hold before a change lands
	.ci/run
