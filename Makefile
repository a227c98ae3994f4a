# Every target works in a fresh clone: it installs what it needs first (docs/operations.md, docs/testing.md).
PYTHON ?= python3
RUN := .venv/bin/python
NEW_ENOUGH := import sys; sys.exit("Python 3.11 or newer is needed: make … PYTHON=python3.12" if sys.version_info < (3, 11) else 0)
INSTALL := $(PYTHON) -c '$(NEW_ENOUGH)' && $(PYTHON) -I config/embedded/install.py
SECRET = $$($(RUN) -c 'import secrets; print(secrets.token_urlsafe(64))')

.DEFAULT_GOAL := help
.PHONY: help setup demo test check fix dev worker bench reset

help: ## Show this list
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

setup: ## Install, start the database, migrate, load standard, items and demo world
	@$(INSTALL) run
	@$(RUN) -m config.embedded.prepare

demo: setup ## Serve the demo on 127.0.0.1, PORT=8000; Ctrl-C stops everything
	@$(RUN) -m config.embedded.serve demo

dev: setup ## Serve for development: reloads on every change
	@$(RUN) -m config.embedded.serve dev

worker: ## Start a Celery worker for the REDIS_URL and DATABASE_URL given
	@$(INSTALL) run
	@$(RUN) -m config.embedded.serve worker

test: ## Run all tests; ARGS="tests/exams -x" chooses
	@$(INSTALL) test
	@$(RUN) -m pytest -n 2 $(ARGS)

check: ## Check format, lint, types, layers, templates, migrations, catalogue, deployment
	@$(INSTALL) test
	@echo "Format and lint" && $(RUN) -m ruff format --quiet --check . && $(RUN) -m ruff check --quiet .
	@echo "Types" && $(RUN) -m mypy
	@echo "Layers" && .venv/bin/lint-imports --no-cache --no-logo
	@echo "Templates" && $(RUN) -m djlint --quiet --lint templates
	@echo "Migrations" && $(RUN) manage.py makemigrations --check --dry-run
	@echo "Catalogue" && $(RUN) manage.py check_catalogue
	@echo "Standard map" && $(RUN) manage.py standard_map --check
	@echo "Deployment" && CHIZHENG_ENV=production SECRET_KEY="$(SECRET)" FIELD_KEYS="$(SECRET)" LOOKUP_KEY="$(SECRET)" \
	  ALLOWED_HOSTS=example.org SITE_URL=https://example.org DATABASE_URL=postgresql://app@localhost/app REDIS_URL=redis://localhost \
	  $(RUN) manage.py check --deploy --fail-level WARNING

fix: ## Format, and mend what the linter can mend
	@$(INSTALL) test
	@$(RUN) -m ruff format . && $(RUN) -m ruff check --fix .

bench: ## Measure: one JSON line per figure
	@$(INSTALL) bench
	@$(RUN) -m tests.bench

reset: ## Drop the embedded data (asks first; FORCE=1 does not)
	@$(INSTALL) run
	@$(RUN) -m config.embedded.reset
