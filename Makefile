# Thin on purpose: setup.sh does the work of getting ready, pyproject.toml configures the checks.

PYTHON := .venv/bin/python
TWO := -n 2 --dist worksteal

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run setup test test-all dev browser lint types javascript unit page docs requirements clean

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

run: setup ## get ready if need be, and open the page (GRADIO_SERVER_NAME, GRADIO_SERVER_PORT move it)
	@$(PYTHON) app.py

setup: ## only get ready
	@sh setup.sh run

test: dev browser lint types javascript ## every check, first failure stops
	MOTIF_CHROMIUM="$$(sh setup.sh browser)" $(PYTHON) -m pytest -m "not thorough" $(TWO)

test-all: dev browser lint types javascript ## every check, and every look at the page
	MOTIF_CHROMIUM="$$(sh setup.sh browser)" $(PYTHON) -m pytest $(TWO)

lint: dev ## form and style (ruff)
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .

# Gradio writes a .pyi beside each file that subclasses one of its components, and mypy would read that instead.
types: dev ## types (mypy)
	@find composer -name '*.pyi' -exec rm -f {} +
	$(PYTHON) -m mypy

javascript: dev ## the page's JavaScript: style (Biome), types (TypeScript), unit tests (node)
	node_modules/.bin/biome lint --error-on-warnings
	node_modules/.bin/tsc
	node_modules/.bin/tsc --project tests/browser
	node --test tests/browser/

unit: dev ## the tests that need no browser
	$(PYTHON) -m pytest -m "not page"

page: dev browser ## the tests that drive the page in a browser
	MOTIF_CHROMIUM="$$(sh setup.sh browser)" $(PYTHON) -m pytest -m page

docs: dev ## build the pages of the library into site/; stops at a name or a link that leads nowhere
	$(PYTHON) -m pip install --quiet --constraint constraints.txt --editable '.[docs]'
	$(PYTHON) -m mkdocs build --strict

requirements: dev ## make requirements.txt, which Spaces read, from pyproject.toml
	$(PYTHON) -m deploy.requirements > requirements.txt

dev: ## get ready, with the checkers
	@sh setup.sh dev

browser: ## find or install a Chromium for the tests of the page
	@sh setup.sh browser >/dev/null

clean: ## remove .venv and caches; music in data/ and runs/ stays
	rm -rf .venv node_modules build dist site *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +
