"""Random input for the reader, layouts, settings and the whole command: a right answer or an AuditError, never a fault.

`make fuzz` tries for ten minutes; INFUSION_AUDIT_FUZZ_SECONDS sets another budget, which the tests share equally.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from audit_lib.claims.layouts import ALLOWED_FUNCTIONS, Reading, contract_columns
from audit_lib.cli import main
from audit_lib.errors import FAULT, AuditError
from audit_lib.settings import Settings, read_settings
from audit_lib.settings_tables import check_settings
from tests.test_layout_files import REFUSED
from tests.test_parquet_files import table
from tests.test_reading import GOOD, READ, read

pytestmark = pytest.mark.fuzz
TESTS = 7
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


# ------------------------------------------------------------------------------------------------ What must be true


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


# ------------------------------------------------------------------------------------------------------- Text files


def _csv(rows: list[dict[str, str]], delimiter: str = ",", end: str = "\n") -> str:
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
MARKS = [b"\0", b'"', b"\r", b"\n", b"\r\n", b",", b"\xff\xfe", b"\xef\xbb\xbf", b"\x80", b"\x1a", b"\\", b"\xc3", b"|"]
marks = st.tuples(st.integers(0, 600), st.integers(0, 2), st.sampled_from(MARKS))


def _damaged(content: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    for place, removed, added in changes:
        at = place % (len(content) + 1)
        content = content[:at] + added + content[at + removed :]
    return content


def test_text_files_with_any_cell(tmp_path: Path) -> None:
    @fuzz
    @given(
        csv_rows, st.sampled_from(",;|\t"), st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["utf-8", "utf-16"])
    )
    def examples(rows: list[dict[str, str]], delimiter: str, end: str, encoding: str) -> None:
        path = tmp_path / "claims.csv"
        path.write_bytes(_csv(rows, delimiter, end).encode(encoding, "ignore"))
        answers(path)

    for_its_time(examples)


def test_text_files_with_any_damage(tmp_path: Path) -> None:
    @fuzz
    @given(csv_rows, st.lists(st.one_of(cuts, marks), max_size=6), st.booleans())
    def examples(rows: list[dict[str, str]], changes: list[tuple[int, int, bytes]], is_gzip: bool) -> None:
        content = _csv(rows).encode("utf-8", "ignore")
        path = tmp_path / ("claims.csv.gz" if is_gzip else "claims.csv")
        path.write_bytes(_damaged(gzip.compress(content) if is_gzip else content, changes))
        answers(path)

    for_its_time(examples)


# ---------------------------------------------------------------------------------------------------- Parquet files


VALUES: list[tuple[pa.DataType, st.SearchStrategy[Any]]] = [
    (pa.string(), cells.map(lambda text: text.encode("utf-8", "ignore").decode())),
    (pa.binary(), st.binary(max_size=6)),
    (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    (pa.uint64(), st.integers(0, 2**64 - 1)),
    (pa.float64(), st.floats()),
    (pa.float32(), st.floats(width=32)),
    (pa.bool_(), st.booleans()),
    (pa.date32(), st.dates()),
    (pa.timestamp("ns"), st.integers(-(2**63) + 1, 2**63 - 1)),
    (pa.timestamp("us", "UTC"), st.integers(-(2**63) + 1, 2**63 - 1)),
    (pa.time64("us"), st.integers(0, 86_399_999_999)),
    (pa.decimal128(38, 4), st.decimals(-(10**30), 10**30, places=4)),
    (pa.list_(pa.int32()), st.lists(st.integers(0, 9), max_size=2)),
    (pa.struct([("a", pa.string())]), st.fixed_dictionaries({"a": st.just("x")})),
    (pa.dictionary(pa.int32(), pa.string()), st.sampled_from(CODES)),
    (pa.null(), st.none()),
]


@st.composite
def parquet_columns(draw: st.DrawFn, count: int = 3) -> dict[str, pa.Array]:
    """Contract columns, or others, of any type, with any values."""
    columns = {}
    for name in draw(st.lists(st.one_of(st.sampled_from(NAMES), st.text(max_size=5)), max_size=4, unique=True)):
        kind, values = draw(st.sampled_from(VALUES))
        given_values = draw(st.lists(st.one_of(st.none(), values), min_size=count, max_size=count))
        columns[name.encode("utf-8", "ignore").decode()] = pa.array(given_values, kind)
    return columns


def test_parquet_files_with_columns_of_any_type(tmp_path: Path) -> None:
    @fuzz
    @given(parquet_columns())
    def examples(columns: dict[str, pa.Array]) -> None:
        pq.write_table(table(3, **columns), tmp_path / "claims.parquet")
        answers(tmp_path / "claims.parquet")

    for_its_time(examples)


def test_parquet_files_with_any_damage(tmp_path: Path) -> None:
    pq.write_table(table(3), tmp_path / "good.parquet")
    content = (tmp_path / "good.parquet").read_bytes()
    anywhere = st.tuples(st.integers(0, len(content)), st.integers(0, 9), st.binary(max_size=9))

    @fuzz
    @given(st.lists(anywhere, min_size=1, max_size=4))
    def examples(changes: list[tuple[int, int, bytes]]) -> None:
        (tmp_path / "claims.parquet").write_bytes(_damaged(content, changes))
        answers(tmp_path / "claims.parquet")

    for_its_time(examples)


# ---------------------------------------------------------------------------------------------------------- Layouts


leaves = st.sampled_from(
    [*GOOD, "paid_amount", "mbr", "null", "''", "'x'", "0", "1.5", "date '2025-08-01'", "true", "*"]
)
types = st.sampled_from(["date", "decimal(18, 2)", "varchar", "integer", "double", "varchar[]", "blob", "klingon"])
operators = st.sampled_from(["+", "-", "*", "/", "||", "=", "<", "and", "or", "like", "is", "in", "::", "~", "->", ";"])


def _composed(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    call = st.tuples(
        st.sampled_from([*sorted(ALLOWED_FUNCTIONS), "read_text", "sum", "getenv"]), st.lists(parts, max_size=3)
    )
    return st.one_of(
        call.map(lambda drawn: f"{drawn[0]}({', '.join(drawn[1])})"),
        st.tuples(parts, operators, parts).map(" ".join),
        st.tuples(st.sampled_from(["cast", "try_cast"]), parts, types).map(lambda of: f"{of[0]}({of[1]} as {of[2]})"),
        st.tuples(parts, parts, parts).map(lambda of: f"case when {of[0]} then {of[1]} else {of[2]} end"),
        parts.map(lambda part: f"({part})"),
        parts.map(lambda part: f"- {part}"),
    )


expressions = st.one_of(st.recursive(leaves, _composed, max_leaves=5), st.sampled_from(REFUSED), st.text(max_size=15))
yaml_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=4,
)
readings = st.dictionaries(st.sampled_from([*Reading.model_fields, "extra"]), st.one_of(cells, yaml_values), max_size=3)
filled_columns = st.dictionaries(st.sampled_from(NAMES), expressions, max_size=3)
layout_files = st.fixed_dictionaries(
    {"columns": st.one_of(st.just("same"), filled_columns, yaml_values)},
    optional={
        "based_on": st.sampled_from(["canonical", "tuva", "tuwa"]),
        "fallbacks": st.dictionaries(st.sampled_from(NAMES), expressions, max_size=2),
        "reading": readings,
        "title": yaml_values,
    },
)  # fmt: skip
damaged_text = st.tuples(st.integers(0, 300), st.integers(0, 4), st.text(max_size=4))


def _yaml(value: Any, changes: list[tuple[int, int, str]]) -> bytes:
    text = yaml.safe_dump(value, allow_unicode=True)
    for place, removed, added in changes:
        at = place % (len(text) + 1)
        text = text[:at] + added + text[at + removed :]
    return text.encode("utf-8", "surrogatepass")


def test_layouts_with_any_expression(tmp_path: Path) -> None:
    claims = tmp_path / "claims.csv"
    claims.write_text(_csv([{**GOOD, "mbr": "m"}, {**GOOD, "paid_amount": "x", "mbr": ""}]), "utf-8")
    same = {"based_on": "canonical"}

    @fuzz
    @given(st.one_of(layout_files, layout_files.map(lambda file: {**file, **same})), st.lists(damaged_text, max_size=2))
    def examples(layout: dict[str, Any], changes: list[tuple[int, int, str]]) -> None:
        (tmp_path / "ours.yml").write_bytes(_yaml(layout, changes))
        answers(claims, str(tmp_path / "ours.yml"))

    for_its_time(examples)


# --------------------------------------------------------------------------------------------------------- Settings


TABLES = {
    "overrides": "provider_id,rule,hcpcs_code,date_from,date_to,action,note,approved_by\n"
    "123456789,supply_with_per_diem,,2025-01-01,,exempt,contract,counsel\n",
    "policy_windows": "group,not_in_force_before,overpayment_from\nA,2024-01-01,2024-03-01\n",
    "lookback_limits": "line_of_business,state,months,counted_from,citation\ncommercial,,12,paid,section\n",
    "providers": "provider_id,name\n123456789,Home Infusion\n",
    "ndc_directory": "PRODUCTNDC\tNONPROPRIETARYNAME\n0000-0000\tsaline\n",
    "pseudonym_key_file": "0123456789abcdef0123456789abcdef\n",
}
setting_values = st.one_of(
    yaml_values, st.sampled_from(["4GB", "0MB", "1e9GB", ".", "table", "../table", "\0", "a" * 300])
)
setting_files = st.dictionaries(st.sampled_from([*Settings.model_fields, "thread"]), setting_values, max_size=4)


def test_settings_and_their_tables(tmp_path: Path) -> None:
    @fuzz
    @given(
        setting_files, st.lists(damaged_text, max_size=2), st.sampled_from(sorted(TABLES)), st.lists(cuts, max_size=3)
    )
    def examples(values: dict[str, Any], changes: list[Any], named: str, table_changes: list[Any]) -> None:
        with tempfile.TemporaryDirectory(dir=tmp_path) as folder:
            place = Path(folder)
            (place / "table").write_bytes(_damaged(TABLES[named].encode(), table_changes))
            table_of = {named: ["table", "table"] if named == "ndc_directory" else "table"}
            (place / "settings.yml").write_bytes(_yaml({**values, **table_of}, changes))
            try:
                check_settings(read_settings(place / "settings.yml"))
            except AuditError as error:
                assert error.exit_code in (2, 10), error.message
                assert error.message and "Traceback" not in error.message

    for_its_time(examples)


# ------------------------------------------------------------------------------------------------- The whole command


def test_the_command_on_any_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Codes, units, dates and amounts of any size: the run ends, its counts and its amounts add up."""

    @settings(fuzz, max_examples=2)
    @given(csv_rows)
    def examples(rows: list[dict[str, str]]) -> None:
        claims = tmp_path / "claims.csv"
        claims.write_text(_csv([*rows, GOOD]), "utf-8", errors="ignore")
        with tempfile.TemporaryDirectory(dir=tmp_path) as folder:
            asked = ["run", "--claims", claims, "--out", folder, "--run-id", "r", "--no-reports", "--no-ledger"]
            code = main(list(map(str, asked)))
            said = capsys.readouterr()
            assert code != FAULT and "Traceback" not in said.err, said.err
            assert code in (0, 11, 12), said.err
            if code == 0:
                _adds_up(json.loads((Path(folder) / "r" / "manifest.json").read_text("utf-8")))

    for_its_time(examples)


def _adds_up(manifest: dict[str, Any]) -> None:
    rows, totals = manifest["rows"], manifest["totals"]
    assert rows["read"] + rows["rejected"] == rows["source"]
    assert 0 <= Decimal(totals["contingent_overpaid_amount"]) <= Decimal(totals["net_overpaid_amount"])
    assert Decimal(totals["net_review_amount"]) >= 0
