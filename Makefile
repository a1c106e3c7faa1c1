# Everything that one does with a checkout. A bare machine with Python 3.11 or newer, git and make is enough: each target first
# makes .venv hold what it needs (tools/environment.sh), from requirements/*.txt, every file checked by its hash.

PYTHON  ?= python3
WORKERS ?= 2
ARGS    ?=
export PYTHON

in_venv := .venv/bin

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help demo test test-engines lint bench soak mutants lock clean

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1	\2/p' Makefile | expand -t 20

demo: ## sample data, measured, scored and explained, into out/demo; then the website on a sample company (DEMO_SERVE=0: one look and out)
	@tools/environment.sh runtime
	@$(in_venv)/kaohe demo -o out/demo
	@KAOHE_COMPANY=国安创想 $(in_venv)/kaohe try --home out/demo/site

test: lint ## lint, then all tests, with a PostgreSQL and a Chromium of their own (ARGS="..." goes to pytest, WORKERS=2 at a time)
	@tools/server_programs.sh postgresql >/dev/null
	@tools/server_programs.sh chromium >/dev/null
	@$(in_venv)/python -m pytest -q -n $(WORKERS) --dist loadgroup $(ARGS)

test-engines: ## tests on MariaDB and other engines beside the embedded one; installs what they need
	@tools/environment.sh engines
	@tools/server_programs.sh mariadb >/dev/null
	@tools/server_programs.sh java >/dev/null
	@$(in_venv)/python -m pytest -q -n $(WORKERS) --dist loadgroup -m engines $(ARGS)

lint: ## style, types, licences
	@tools/environment.sh test
	@$(in_venv)/ruff check --quiet
	@$(in_venv)/ruff format --check --quiet || { $(in_venv)/ruff format --check; exit 1; }
	@$(in_venv)/mypy
	@$(in_venv)/python tools/licences.py

bench: ## run each benchmarks/<name>.py, which writes the file it is given: out/bench/<name>.json
	@tools/environment.sh test
	@mkdir -p out/bench
	@for script in benchmarks/[a-z]*.py; do \
		[ -e "$$script" ] || { echo "no benchmarks yet"; exit 0; }; \
		name=$$(basename "$$script" .py); echo "$$name"; \
		$(in_venv)/python "$$script" "out/bench/$$name.json" || exit 1; \
	done

soak: ## tests marked soak and every property with many more examples; figures in out/soak/soak.json
	@tools/environment.sh test
	@KAOHE_SOAK=1 $(in_venv)/python tools/soak.py out/soak/soak.json -q -n $(WORKERS) -m "soak or hypothesis" $(ARGS)

mutants: ## small changes of rules, compiler and scoring, and whether a test notices (goes on where it stopped)
	@tools/environment.sh test
	@$(in_venv)/python tools/mutants.py --workers $(WORKERS) $(ARGS)

lock: ## write requirements/*.txt anew from pyproject.toml (UPGRADE=1 takes newer versions)
	@[ -x $(in_venv)/pip-compile ] || tools/environment.sh test
	@tools/lock.sh

clean: ## remove what these targets made, .venv included
	@rm -rf .venv out dist build .hypothesis .pytest_cache .mypy_cache .ruff_cache
	@find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
