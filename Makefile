# The project's commands: `make demo`, `make test`, `make lint`, `make lock`, `make clean`.
# Python 3.11 or newer and make are all that must be there; what is installed is pinned by
# hash in requirements/*.txt. A stamp in each environment says that it fits those files.

PYTHON ?= python3
MAIL ?= examples/late-parcel.fi.eml

RUN := .venv
TEST := .venv-test
LOCK := .venv-lock
PIP := -m pip --disable-pip-version-check install --quiet --require-virtualenv
OWN := --no-deps --no-build-isolation --editable .
COMPILE := $(LOCK)/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header $(if $(UPGRADE),--upgrade)

.PHONY: help demo test lint format docs lock clean

help:
	@echo 'make demo             one message through suggest, draft and lint (MAIL=path for another)'
	@echo 'make test             lint, types and every test; installs torch: 6 GB, two minutes'
	@echo 'make lint             lint and types alone'
	@echo 'make format           formats the code'
	@echo 'make docs             renews the pages that are generated from the code'
	@echo 'make lock             the lock files after a change of pyproject.toml (UPGRADE=1: newest)'
	@echo 'make clean            removes the environments and what was built'

demo: $(RUN)/installed
	@$(RUN)/bin/python examples/demo.py '$(MAIL)'

test: lint
	@$(TEST)/bin/python -m pytest --numprocesses auto --dist worksteal

lint: $(TEST)/installed
	@$(TEST)/bin/ruff check .
	@$(TEST)/bin/ruff format --check --quiet . || \
		{ echo 'make: some files are not formatted; run make format' >&2; exit 1; }
	@$(TEST)/bin/mypy

format: $(TEST)/installed
	@$(TEST)/bin/ruff format .

docs: $(TEST)/installed
	@$(TEST)/bin/python -m replykit.describe rules > docs/rules.md
	@$(TEST)/bin/python -m replykit.describe settings > docs/settings.md

# The test environment starts from what people run, so that both hold the same versions.
lock: $(LOCK)/installed
	@$(COMPILE) --group lock -o requirements/lock.txt
	@$(COMPILE) --group build pyproject.toml -o requirements/run.txt
	@$(COMPILE) --group build --group test --all-extras -c requirements/run.txt pyproject.toml \
		-o requirements/test.txt

clean:
	rm -rf $(RUN) $(TEST) $(LOCK) build dist

$(RUN)/installed: requirements/run.txt pyproject.toml
	@$(call new_environment,$(RUN))
	@echo 'Installing ReplyKit into $(RUN) (no torch; under a minute) …'
	@$(RUN)/bin/python $(PIP) --require-hashes -r requirements/run.txt
	@$(RUN)/bin/python $(PIP) $(OWN)
	@touch $@

$(TEST)/installed: requirements/test.txt pyproject.toml
	@$(call new_environment,$(TEST))
	@echo 'Installing every extra and the tests into $(TEST): on Linux torch brings 6 GB, about two minutes …'
	@$(TEST)/bin/python $(PIP) --require-hashes -r requirements/test.txt
	@$(TEST)/bin/python $(PIP) $(OWN)
	@touch $@

$(LOCK)/installed: requirements/lock.txt
	@$(call new_environment,$(LOCK))
	@$(LOCK)/bin/python $(PIP) --require-hashes -r requirements/lock.txt
	@touch $@

# One line says what is wrong with the Python that is there; an environment that works is kept.
define new_environment
command -v $(PYTHON) >/dev/null 2>&1 || \
	{ echo 'make: $(PYTHON) is not there; install Python 3.11 or newer, or name it: make PYTHON=python3.12' >&2; exit 1; }; \
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "make: $(PYTHON) is $$($(PYTHON) -V 2>&1), but 3.11 or newer is needed; name one: make PYTHON=python3.12" >&2; exit 1; }; \
$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	{ echo 'make: $(PYTHON) lacks its venv module; on Debian and Ubuntu: apt install python3-venv' >&2; exit 1; }; \
test -x $(1)/bin/python && $(1)/bin/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(1)
endef
