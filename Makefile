# The verbs of the project. `make release` builds dist/; `make test` proves it.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
NODE_READY := tests/node/node_modules/.package-lock.json

.PHONY: help release test sweep mutation benchmark check format readme lock clean

help: ## list the verbs
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

release: $(READY) ## build every form of the graph into dist/
	@$(BIN)/csto build

test: $(READY) $(if $(shell command -v npm),$(NODE_READY)) ## run all tests
	@$(BIN)/ruff check -q scripts tests
	@$(BIN)/ruff format -q --check scripts tests
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/python -m pytest -q -n 2 -m "not slow"

sweep: $(READY) ## run the longer tests: kill points, full disks, hostile bytes
	@$(BIN)/python -m pytest -q -n 2 -m slow

mutation: $(READY) ## break data, shapes and checks one by one, report what goes unnoticed
	@cd tests && ../$(BIN)/python -m mutation $(if $(OUTPUT),--output $(abspath $(OUTPUT)))

benchmark: $(READY) ## time our build and questions beside the plain ways
	@$(BIN)/python tests/benchmarks/build.py
	@$(BIN)/python tests/benchmarks/questions.py

check: $(READY) ## run every check on the rooms
	@$(BIN)/csto check

format: $(READY) ## lay out all files by machine
	@$(BIN)/csto format
	@$(BIN)/ruff check -q --fix scripts tests
	@$(BIN)/ruff format -q scripts tests

readme: $(READY) ## write the outputs and counts of the README anew
	@$(BIN)/python tests/readme.py

lock: $(READY) ## write requirements.lock anew from pyproject.toml
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --group all pyproject.toml -o requirements.lock

clean: ## remove what was built or installed
	@rm -rf .venv dist .dist.d tests/node/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed; name one with make PYTHON=…" >&2; exit 2; }
	@echo "Setting up .venv …" >&2
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(NODE_READY): tests/node/package-lock.json
	@npm ci --silent --prefix tests/node
	@touch $@
