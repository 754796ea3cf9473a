"""What the tests on random input share: their time, what must be true of any answer, cells and rows."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import time
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from audit_lib.claims.layouts import contract_columns
from audit_lib.errors import AuditError
from tests.claims_text import GOOD, READ, read

TESTS = 7  # in test_fuzz and test_fuzz_layouts
SECONDS = float(os.environ.get("INFUSION_AUDIT_FUZZ_SECONDS", "600")) / TESTS
NAMES = [column.name for column in contract_columns()]
CODES = ["", "S9365", "S9366", "E0781", "A4222", "J1569", "99601", "B4185", "s9500 ", "99999", "🩺"]
# Without shrinking, which takes minutes: what was found is printed, with what repeats it.
fuzz = settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


def for_its_time(examples: Callable[[], None]) -> None:
    """Try one batch of examples after another until this test's share of the time is used; one batch at least."""
    end = time.monotonic() + SECONDS
    examples()
    while time.monotonic() < end:
        examples()


def answers(claims: Path, layout: str = "canonical") -> None:
    """Reading gives every row, read or rejected, or one AuditError; the source keeps its bytes."""
    before = hashlib.sha256(claims.read_bytes()).hexdigest()
    try:
        connection, counts = read(claims, layout)
    except AuditError as error:
        assert error.exit_code in (11, 13), error.message
        assert 0 < len(error.message) < 20_000 and "Traceback" not in error.message
    else:
        with connection:
            typed = connection.execute("select count(*) from typed_rows").fetchall()[0][0]
            rejected = connection.execute("select count(*) from rejected_rows").fetchall()[0][0]
            places = connection.execute("select count(*) from (select distinct source_row from rejected_rows)")
            assert (typed, rejected) == (counts.read, counts.rejected)
            assert counts.read + counts.rejected == counts.source
            assert places.fetchall()[0][0] == counts.rejected
            connection.execute("select * from typed_rows").fetchall()
    assert hashlib.sha256(claims.read_bytes()).hexdigest() == before


def csv_text(rows: list[dict[str, str]], delimiter: str = ",", end: str = "\n") -> str:
    text = io.StringIO(newline="")
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(text, names, delimiter=delimiter, lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


cells = st.one_of(
    st.text(max_size=12),
    st.sampled_from(CODES),
    st.sampled_from([str(value) for _, value, _ in READ]),
    st.sampled_from(
        ["2025-08-01", "08/01/2025", "20250801", "0001-01-01", "9999-12-31", "1e308", "-0", "NaN", '"', "'"]
    ),
    st.integers().map(str),
    st.floats().map(str),
)
csv_rows = st.lists(
    st.dictionaries(st.sampled_from(NAMES), cells, max_size=6).map(lambda given: {**GOOD, **given}),
    min_size=1,
    max_size=5,
)
cuts = st.tuples(st.integers(0, 600), st.integers(0, 5), st.binary(max_size=5))


def damaged(content: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    for place, removed, added in changes:
        at = place % (len(content) + 1)
        content = content[:at] + added + content[at + removed :]
    return content
