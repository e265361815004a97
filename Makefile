.DEFAULT_GOAL := help
PYTHON ?= python3
API := apps/api
UV := .tools/uv/bin/uv
FLUX := $(API)/.venv/bin/python -m flux
PNPM := .tools/node_modules/.bin/pnpm
lock_to = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command "make lock" $(API)/pyproject.toml

.PHONY: help setup up dev test fix openapi lock clean
lock: ## rewrite the hash-locked Python requirements from pyproject.toml
	$(lock_to) --output-file $(API)/requirements.txt
	$(lock_to) --group $(API)/pyproject.toml:dev --output-file $(API)/requirements-dev.txt
