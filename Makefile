# Two commands: `make run` and `make test`. Nothing but python3, python3-venv, make and git is needed.
PYTHON ?= python3
BIN := .venv/bin
export DJANGO_SETTINGS_MODULE := yinling.config.settings
# Compiled modules are kept also where the environment asks for none to be written (images of containers do): without
# them every process compiles Django and all else anew, for seconds, and tests start many processes.
unexport PYTHONDONTWRITEBYTECODE
# Packages come from where pip gets them (a mirror, when one is set), trusted as the system trusts: offices often have
# a mirror and an authority of their own, and neither uv nor Node looks there by itself.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export UV_SYSTEM_CERTS ?= 1
export NODE_EXTRA_CA_CERTS ?= /etc/ssl/certs/ca-certificates.crt
endif
INDEX := $${UV_DEFAULT_INDEX:-$${PIP_INDEX_URL:-$$($(BIN)/pip config get global.index-url 2>/dev/null)}}
UV := UV_DEFAULT_INDEX="$(INDEX)" $(BIN)/uv

run: .venv/ready ## install, build a demonstration city, serve it
	@$(BIN)/yinling up

.venv/ready: requirements.lock pyproject.toml
	@test -x $(BIN)/uv || ($(PYTHON) -m venv .venv && $(BIN)/pip install --quiet --disable-pip-version-check uv)
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps -e .
	@$(BIN)/python -m yinling.config.translations compile
	@$(BIN)/python -m yinling.web.assets
	@touch $@

.venv/dev: .venv/ready requirements-dev.lock
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

build: .venv/dev
	@$(BIN)/python -m yinling.config.translations compile
	@$(BIN)/python -m yinling.web.assets

test: build ## the whole suite
	@$(BIN)/pytest -n 2 --dist loadgroup

# Engines know no Django, so they run without it, beside the rest. None of these asks for a database, none is heavy.
fast: build ## rules, engines, house: under ten seconds on two cores
	@$(BIN)/pytest -p no:django -p no:schemathesis --noconftest -W ignore::pytest.PytestConfigWarning -m "not heavy" tests/engines & engines=$$!; \
	$(BIN)/pytest -p no:schemathesis -m "not heavy" tests/house $$(grep -L django_db tests/*/test_*rules.py); rules=$$?; \
	wait $$engines && exit $$rules

lint: build ## style, types, floors, translations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy yinling
	@$(BIN)/lint-imports
	@$(BIN)/python -m yinling.config.translations check

lock: ## refresh the lock files
	@$(UV) pip compile -q --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11 pyproject.toml -o requirements.lock
	@$(UV) pip compile -q --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11 --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	@$(UV) pip compile -q --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11 --extra spark -c requirements.lock pyproject.toml -o requirements-spark.lock

clean: ## what was built, never what was entered
	@rm -rf .venv yinling/web/static/built

.PHONY: run build test fast lint lock clean
