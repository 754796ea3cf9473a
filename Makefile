# Two commands: `make audit` needs Python 3.11 or later and nothing else; `make test` Chromium and Java besides.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= runs
CLAIMS ?= data/sample/claims.csv
LAYOUT ?= canonical
SIZE ?= 1_000_000
REPETITIONS ?= 5
BENCH ?= benchmarks-data

# Plans sit behind proxies with certificates of their own: trust what the system trusts.
export UV_SYSTEM_CERTS ?= 1

.PHONY: audit test lint spark fuzz bench lock clean

$(BIN)/.ready: pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed; name it with make PYTHON=...") if sys.version_info < (3, 11) else 0'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --constraint requirements.lock --editable .
	@touch $@

$(BIN)/.ready-to-test: $(BIN)/.ready
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --constraint requirements.lock --editable '.[dev,spark]'
	@touch $@

audit: $(BIN)/.ready
	@$(BIN)/infusion-audit run --claims '$(CLAIMS)' --layout '$(LAYOUT)' --out '$(OUT)'

test: $(BIN)/.ready-to-test
	@PATH="$(CURDIR)/$(BIN):$$PATH" .ci/checks

lint: $(BIN)/.ready-to-test
	@PATH="$(CURDIR)/$(BIN):$$PATH" .ci/checks lint

# Every test on a local Spark: the cases of all rules, the sample, planted text, and a million generated lines.
spark: $(BIN)/.ready-to-test
	@$(BIN)/python -m pytest -m spark

# Random input for ten minutes, or for INFUSION_AUDIT_FUZZ_SECONDS.
fuzz: $(BIN)/.ready-to-test
	@$(BIN)/python -m pytest -m fuzz

# Measures the audit against its alternatives and its targets on SIZE generated lines: docs/performance.md.
bench: $(BIN)/.ready-to-test
	@$(BIN)/python -m benchmarks.bench --lines '$(SIZE)' --repetitions '$(REPETITIONS)' --folder '$(BENCH)'

lock: $(BIN)/.ready-to-test
	@$(BIN)/uv pip compile --quiet --extra dev --extra spark --no-header --no-annotate --no-emit-index-url --universal --python-version 3.11 --upgrade pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) build dist
