# Two commands do all the set-up: `make demo` and `make test`.
# `make check` is what CI runs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check check-rest gate-rest lint types imports slow long desktop docs docs-check screenshots pictures sample-data bench clean

demo: $(READY)
	@$(BIN)/portcheck demo

test: $(READY)
	$(BIN)/python -m pytest -n 2 -m "not slow and not desktop"

check: $(READY) lint types imports docs-check
	$(BIN)/python -m pytest -n 2

# What is left of `make check` when `make test` has run.
check-rest: gate-rest long

# The same but for `long`: what one core does, side by side, then the rest.
gate-rest: $(READY)
	@$(MAKE) --no-print-directory -j2 -O lint types imports docs-check desktop
	@$(MAKE) --no-print-directory slow

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports

slow: $(READY)
	$(BIN)/python -m pytest -n 2 -m "(slow or hypothesis) and not desktop and not long"

long: $(READY)
	$(BIN)/python -m pytest -n 2 -m long

# Opens what portcheck writes in LibreOffice and Chromium; a missing program fails it where CI is set.
desktop: $(READY)
	$(BIN)/python -m pytest -m desktop

docs: $(READY)
	$(BIN)/python tools/make_docs.py

docs-check: $(READY)
	$(BIN)/python tools/make_docs.py --check

screenshots: $(READY)
	$(BIN)/python tools/make_screenshots.py
	$(BIN)/python tools/make_lane_pictures.py

pictures: $(READY)
	$(BIN)/python tools/make_pictures.py

sample-data: $(READY)
	$(BIN)/python tools/make_sample_data.py

bench: $(READY)
	$(BIN)/python bench/speed.py
	$(BIN)/python bench/fold.py
	$(BIN)/python bench/sync.py
	$(BIN)/python bench/server.py
	$(BIN)/python bench/intake.py
	$(BIN)/python bench/feed.py
	$(BIN)/python bench/screen.py
	$(BIN)/python bench/lane.py
	$(BIN)/python bench/accuracy.py

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	@touch $(READY)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
