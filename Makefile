# DWH BHXH. Ten commands; `make` alone lists them.
SHELL := /bin/bash
UV_VERSION := 0.13.9
PYTHON ?= python3
BIN := .venv/bin
UV := .tools/bin/uv
export DEMO_SCALE DEMO_HOME PORT
# A shell may carry settings of another place; the demonstration and the tests take none of them.
unexport PYTHONPATH DJANGO_SETTINGS_MODULE

.DEFAULT_GOAL := help
.PHONY: help demo demo-build test check serve sync build bench golden law docs relock format

help: ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.tools/uv-$(UV_VERSION):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "Cần Python 3.11 trở lên: apt-get install -y python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Thiếu venv: apt-get install -y python3-venv"; exit 1; }
	@$(PYTHON) -m venv .tools
	@.tools/bin/pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements/uv.txt
	@touch $@

# $(1): requirements file. The lock is exact: what is not in it is removed.
define install
	@test -x $(BIN)/python || $(UV) venv -q --python $(PYTHON) .venv
	@$(UV) pip sync -q --python $(BIN)/python --require-hashes $(1)
	@$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
endef

.venv/.demo: .tools/uv-$(UV_VERSION) requirements/demo.txt requirements/dev.txt pyproject.toml
	@echo "Cài đặt thư viện theo tệp khóa…"
	$(call install,requirements/demo.txt)
	@rm -f .venv/.dev && touch $@

.venv/.dev: .tools/uv-$(UV_VERSION) requirements/demo.txt requirements/dev.txt pyproject.toml
	@echo "Cài đặt thư viện phát triển theo tệp khóa…"
	$(call install,requirements/dev.txt)
	@touch .venv/.demo $@

demo: .venv/.demo ## Install, build the demonstration, serve it until stopped
	@$(BIN)/dwh demo serve

demo-build: .venv/.demo ## The same without serving
	@$(BIN)/dwh demo build

test: .venv/.dev ## The whole suite
	@$(BIN)/python -m pytest -n auto --dist loadgroup --no-loadscope-reorder --durations=25

check: .venv/.dev ## Format, lint, types, import contracts, migrations, docs
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m tools.check_vendor
	@DWH_SECRET_KEY=check-only DWH_HOME=$$(mktemp -d) $(BIN)/dwh web manage makemigrations --check --dry-run
	@DWH_PUBLIC_URL=https://dwh.example DWH_SECRET_KEY=check-only-$$(head -c 48 /dev/urandom | base64 -w0) DWH_HOME=$$(mktemp -d) $(BIN)/dwh web manage check --deploy --fail-level WARNING
	@$(BIN)/djlint --lint --quiet src demo

serve: demo ## The same as demo

sync: .venv/.demo ## Read every source once
	@$(BIN)/dwh sync

build: .venv/.demo ## Build and publish a release from what was read
	@$(BIN)/dwh build && $(BIN)/dwh publish

bench: .venv/.dev ## Side-by-side timings into bench/out/latest.json (BENCH_ROWS for more)
	@$(BIN)/python -m bench

golden: .venv/.dev ## Rewrite the golden SQL (review the diff)
	@$(BIN)/python -m pytest -q src/dwh/datapath/semantic src/dwh/datapath/origin --golden-rewrite

law: .venv/.dev ## Rows of the mission proven by marked tests
	@$(BIN)/dwh law

docs: .venv/.dev ## Regenerate docs/law and docs/subjects
	@$(BIN)/python -m tools.docs

format: .venv/.dev ## Format the code
	@$(BIN)/ruff check --fix -q . ; $(BIN)/ruff format .

relock: .tools/uv-$(UV_VERSION) ## Make the lock anew (needs the package index)
	@drivers="--extra mysql --extra oracle --extra sqlserver"; for part in runtime sources demo dev; do \
	  extra=""; [ $$part = sources ] && extra="$$drivers"; [ $$part = demo ] && extra="--extra demo"; \
	  [ $$part = dev ] && extra="--extra demo --extra dev --extra clickhouse $$drivers"; \
	  $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-emit-find-links --no-annotate --no-header $$extra pyproject.toml -o requirements/$$part.txt; done
