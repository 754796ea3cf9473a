"""PySpark that is installed in part ends the process from within an import: an audit says so and does not end well."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import duckdb
import pytest

from audit_lib.errors import AuditError
from audit_lib.quality import engine
from audit_lib.quality.suites import read_suite

ROOT = Path(__file__).parent.parent
# What PySpark 4.3 does without grpcio, where the main module has no file.
STUB = "import sys\nprint(\"Skipping doctests: No module named 'grpc'\")\nsys.exit(0)\n"
RUN = """
from pathlib import Path
from audit_lib.audit import RunOptions, run_audit
from audit_lib.progress import Progress
run_audit(RunOptions({claims!r}, Path({out!r}), run_id="r", with_reports=False), Progress())
print("a run stands")
"""


@pytest.fixture
def stub(tmp_path: Path) -> Path:
    package = tmp_path / "packages" / "great_expectations"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(STUB, "utf-8")
    return package.parent


def test_an_import_that_ends_the_process_is_an_error(stub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "great_expectations", raising=False)
    monkeypatch.syspath_prepend(str(stub))
    with duckdb.connect() as connection, pytest.raises(AuditError, match="PySpark") as caught:
        engine.validate(connection, read_suite("code_lists"))
    assert caught.value.exit_code == 2
    assert all(way in caught.value.message for way in ("infusion-audit[spark]", "uninstall pyspark", "--no-quality"))


def test_importing_early_says_nothing_of_it(stub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever needs it says so; a thread that dies would print where."""
    said: list[Any] = []
    monkeypatch.delitem(sys.modules, "great_expectations", raising=False)
    monkeypatch.syspath_prepend(str(stub))
    monkeypatch.setattr(threading, "excepthook", said.append)
    engine.import_early()
    for thread in threading.enumerate():
        if thread.name == "import great_expectations":
            thread.join(60)
    assert said == []


def test_an_audit_does_not_end_as_if_all_were_well(stub: Path, tmp_path: Path) -> None:
    claims = ROOT / "data" / "sample" / "clean_claims.csv"
    text = f"import sys; sys.path.insert(0, {str(stub)!r})" + RUN.format(claims=str(claims), out=str(tmp_path / "runs"))
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=300, cwd=ROOT)
    assert done.returncode != 0 and "a run stands" not in done.stdout
    assert "PySpark is installed here in part" in done.stderr
