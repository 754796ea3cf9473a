"""No library phones home: the gate is imported and run where every connection is noted and refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

GUARD = """
import os, socket, sys
asked = []
def refuse(kind):
    def asks(*words, **_):
        address = words[-1] if kind == "connect" else words[0]
        if not (words and getattr(words[0], "family", None) == socket.AF_UNIX):
            asked.append((kind, address))
            raise OSError("no network here")
    return asks
socket.socket.connect = socket.socket.connect_ex = refuse("connect")
socket.getaddrinfo = socket.gethostbyname = refuse("look up")
"""
GATE = """
import duckdb
from audit_lib.quality.engine import validate
from tests.given_suites import suite
assert "great_expectations" not in sys.modules
with duckdb.connect() as connection:
    connection.execute("create table rows_given as select 1 as claim_id")
    (result,) = validate(connection, suite(("expect_column_values_to_not_be_null", {"column": "claim_id"})))
assert result.status == "PASS", result
assert os.environ["GX_ANALYTICS_ENABLED"] == "false"
"""
CONNECT = """
import urllib.request
try:
    urllib.request.urlopen("http://example.org")
except OSError:
    pass
"""
SAY = "print(asked); sys.stdout.flush(); os._exit(0 if not asked else 3)"


def _guarded(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    script = folder / "guarded.py"
    script.write_text(GUARD + text + SAY, "utf-8")
    words = [sys.executable, "-c", f"exec(open({str(script)!r}).read())"]
    return subprocess.run(words, capture_output=True, text=True, timeout=300, cwd=Path(__file__).parent.parent)


def test_the_guard_notices_a_request(tmp_path: Path) -> None:
    assert _guarded(CONNECT, tmp_path).returncode == 3


def test_the_quality_gate_asks_for_nothing(tmp_path: Path) -> None:
    done = _guarded(GATE, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
