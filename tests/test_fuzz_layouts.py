"""Random layouts, settings and whole commands: a right answer or an AuditError, never a fault (test_fuzz)."""

from __future__ import annotations

import json
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from audit_lib.claims.layouts import ALLOWED_FUNCTIONS, Reading
from audit_lib.cli import main
from audit_lib.errors import FAULT, AuditError
from audit_lib.settings import Settings, read_settings
from audit_lib.settings_tables import check_settings
from tests.claims_text import GOOD
from tests.fuzzing import NAMES, answers, cells, csv_rows, csv_text, cuts, damaged, for_its_time, fuzz
from tests.layout_texts import REFUSED

pytestmark = pytest.mark.fuzz


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
    claims.write_text(csv_text([{**GOOD, "mbr": "m"}, {**GOOD, "paid_amount": "x", "mbr": ""}]), "utf-8")
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
            (place / "table").write_bytes(damaged(TABLES[named].encode(), table_changes))
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
        claims.write_text(csv_text([*rows, GOOD]), "utf-8", errors="ignore")
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
