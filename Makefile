# Set up, start, check and measure vizgraph. Python 3.11-3.13 and make are all it needs; PYTHON= names another Python.
PORT ?= 8501
MINUTES ?= 60
SEED ?= 0
RUN := .venv/bin/python -m

help: ## show these lines
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

app: .venv/.app ## start the page on port 8501 (PORT=...)
	$(RUN) vizgraph app --port $(PORT)

test: .venv/.notebook check .venv/.browser ## run every check and every test, the browser's too
	$(RUN) pytest --cov --numprocesses auto --maxprocesses 4 --dist loadfile

lint: .venv/.dev ## style only
	$(RUN) ruff check .
	$(RUN) ruff format --check .

check: lint ## style, types, architecture
	$(RUN) mypy
	.venv/bin/lint-imports

format: .venv/.dev ## apply the style
	$(RUN) ruff check --fix .
	$(RUN) ruff format .

bench: .venv/.bench .venv/.browser ## measure speed and memory
	$(RUN) bench

fuzz: .venv/.dev ## throw mutated programs at everything for an hour (MINUTES=60, SEED=0)
	$(RUN) fuzz --minutes $(MINUTES) --seed $(SEED)

bench-peers: .venv/.dev build/peers/.made ## measure beside torchviz, torchview and torchlens
	build/peers/bin/python -m bench.peers

screenshots: .venv/.dev .venv/.browser ## take the README's pictures (LOOK=--all: of every lesson, in build/)
	$(RUN) scripts.screenshots $(LOOK)

clean: ## remove everything that was set up or made
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage build dist *.egg-info

.venv/.app: pyproject.toml
	sh scripts/setup.sh

.venv/.dev: pyproject.toml
	sh scripts/setup.sh dev

.venv/.notebook: pyproject.toml
	sh scripts/setup.sh dev models notebook

.venv/.bench: pyproject.toml
	sh scripts/setup.sh dev bench

build/peers/.made: scripts/peers.py
	.venv/bin/python scripts/peers.py

.venv/.browser: .venv/.dev
	.venv/bin/python scripts/browser.py
	@touch $@

.PHONY: help app test lint check format bench bench-peers fuzz screenshots clean
