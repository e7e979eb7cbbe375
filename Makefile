# Livret. `make` alone lists the targets. Works with GNU make 3.81 and later.

WORKERS ?= 2

# macOS does not look for libraries where Homebrew and MacPorts put them, and drops this variable
# whenever a program of the system starts another; so every command sets it for itself.
ifeq ($(shell uname -s),Darwin)
RUN := DYLD_FALLBACK_LIBRARY_PATH=/opt/homebrew/lib:/usr/local/lib:/opt/local/lib:/usr/lib
endif
PYTHON := $(RUN) .venv/bin/python
COMPILE := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
	$(if $(UPGRADE),--upgrade) pyproject.toml

.PHONY: help booklet test quick bench engine scale soak fuzz lint format docs lowest lock wheel hooks clean environment messages

help:  ## List these targets
	@sed -n 's/^\([a-z]*\):.*  ## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-16s %s\n", $$1, $$2}'

booklet:  ## Install what is missing, then build the booklet into output/
	@tools/setup run
	$(RUN) .venv/bin/livret build

test: lint  ## Install what is missing, then run every check and every test
	$(PYTHON) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

quick: lint  ## Check style and types and run the quick tests, for the loop of one edit (under 90 seconds)
	$(PYTHON) -m pytest -n $(WORKERS) --dist loadfile --quick

bench: environment  ## Measure how long building takes
	$(PYTHON) tests/bench.py
	$(PYTHON) tests/bench_press.py
	$(PYTHON) tests/bench_pictures.py
	$(PYTHON) tests/bench_preflight.py
	$(PYTHON) tests/bench_serve.py
	$(PYTHON) tests/bench_proofs.py
	$(PYTHON) tests/bench_compare.py

engine: environment  ## Measure what each replacement in the engine gains (ten minutes)
	$(PYTHON) tests/bench_engine.py

scale: environment  ## Measure a thousand cards, and binding up to five thousand (ten minutes)
	$(PYTHON) tests/bench_scale.py

soak: environment  ## Kill, damage, crowd and mislead builds at random (MINUTES=10)
	$(PYTHON) tests/soak.py --minutes $(or $(MINUTES),10)

fuzz: environment  ## Damage PDFs at random and have preflight judge them (MINUTES=10)
	$(PYTHON) tests/fuzz.py --minutes $(or $(MINUTES),10)

lint: environment  ## Check style and types, without running the tests
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy

format: environment  ## Rewrite the code in the house style
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

docs: environment  ## Write the parts of docs/ that come from the code
	$(PYTHON) tools/write_docs.py
	$(PYTHON) -m livret.content.schema.field_tables --write docs/content.md
	$(PYTHON) -m livret.content.schema.field_tables --write docs/content.fr.md

messages: environment  ## Bring the catalogue of French messages up to date with the code
	$(PYTHON) tools/messages.py

lowest: environment  ## Run the quick tests and build a booklet with the oldest packages that are allowed
	tools/lowest

lock: environment  ## Write the lock files again after a change to pyproject.toml (UPGRADE=1: newest versions)
	$(COMPILE) --group build --output-file requirements.lock
	$(COMPILE) --group dev --constraint requirements.lock --output-file requirements-dev.lock
	$(COMPILE) --resolution lowest-direct --output-file requirements-lowest.lock

wheel: environment  ## Build the wheel and the source archive into dist/
	$(PYTHON) -m hatchling build

hooks:  ## Run `make lint` before every commit in this clone
	git config core.hooksPath .githooks

clean:  ## Remove what was built and what tools left behind (.venv stays)
	find output -mindepth 1 -maxdepth 1 ! -name .gitignore -exec rm -rf {} +
	rm -rf dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

environment:
	@tools/setup dev
