"""Layouts: somebody's columns become ours; what a layout may not do is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from audit_lib.claims.row_counts import RowCounts
from audit_lib.errors import AuditError
from tests.claims_text import GOOD, read, rows
from tests.layout_texts import OURS, VALUES


def _layout(folder: Path, **changes: object) -> str:
    layout = {"reading": {"delimiter": "|", "date_format": "%m/%d/%Y"}, "columns": OURS, **changes}
    path = folder / "ours.yml"
    path.write_text(yaml.safe_dump(layout), "utf-8")
    return str(path)


def _claims(folder: Path, values: str = VALUES) -> Path:
    path = folder / "extract.txt"
    path.write_text("|".join(OURS.values()) + f"\n{values}\n", "utf-8")
    return path


def test_a_users_own_layout(tmp_path: Path) -> None:
    columns = {**OURS, "line_of_business": "case when tax = '123456789' then 'Medicare' else 'Commercial' end"}
    connection, counts = read(_claims(tmp_path), _layout(tmp_path, columns=columns))
    assert counts == RowCounts(1, 1, 0)
    query = "select claim_line_start_date::varchar, hcpcs_code, line_of_business from typed_rows"
    assert rows(connection, query) == [("2025-08-01", "A4222", "medicare")]


def test_words_for_nothing(tmp_path: Path) -> None:
    reading = {"delimiter": "|", "date_format": "%m/%d/%Y", "null_values": ["NULL"]}
    connection, _ = read(_claims(tmp_path, VALUES.replace("10.00", "NULL")), _layout(tmp_path, reading=reading))
    assert rows(connection, "select paid_amount from typed_rows") == [(None,)]


REFUSED = {
    "a column that the source lacks": ({"paid_amount": "pad"}, "Did you mean pd"),
    "a column that the contract lacks": ({"paid_amout": "pd"}, "Did you mean paid_amount"),
    "a query": ({"paid_amount": "(select 1)"}, "no query"),
    "a function that reads a file": ({"drug_name": "read_text('/etc/hostname')"}, "read_text"),
    "an aggregate": ({"paid_amount": "sum(pd)"}, "sum"),
    "a setting": ({"drug_name": "current_setting('temp_directory')"}, "current_setting"),
    "two statements": ({"paid_amount": "pd; attach 'x'"}, "one SQL expression"),
    "another table": ({"paid_amount": "other.pd"}, "names a table"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_layout_may_not_do(tmp_path: Path, name: str) -> None:
    columns, words = REFUSED[name]
    with pytest.raises(AuditError) as caught:
        read(_claims(tmp_path), _layout(tmp_path, columns={**OURS, **columns}))
    assert caught.value.exit_code == 11
    assert words in caught.value.message


def test_every_missing_column_is_named_at_once(tmp_path: Path) -> None:
    columns = {k: v for k, v in OURS.items() if k not in ("paid_amount", "billing_tin")}
    with pytest.raises(AuditError) as caught:
        read(_claims(tmp_path), _layout(tmp_path, columns=columns))
    assert "no column paid_amount" in caught.value.message
    assert "neither billing_tin nor billing_npi" in caught.value.message


@pytest.mark.parametrize("member", ["patient_id", "person_id"])
def test_both_forms_of_tuva(tmp_path: Path, member: str) -> None:
    header = [name for name in GOOD if name != "member_id"] + [member, "claim_start_date", "claim_end_date"]
    values = {**GOOD, member: "m", "claim_start_date": "2025-08-02", "claim_end_date": "2025-08-09"}
    line, claim = dict(values), {**values, "claim_line_start_date": ""}
    path = tmp_path / "c.csv"
    path.write_text(
        "\n".join(",".join(r) for r in [header, *([v[n] for n in header] for v in (line, claim))]) + "\n", "utf-8"
    )
    connection, counts = read(path, "tuva")
    assert counts == RowCounts(2, 2, 0)
    dates = "claim_line_start_date::varchar, claim_line_end_date::varchar"
    query = f"select member_id, {dates} from typed_rows order by source_row"
    assert rows(connection, query) == [("m", "2025-08-01", None), ("m", "2025-08-02", "2025-08-09")]


def test_the_canonical_layout_takes_person_id_and_hints_at_tuva(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text(
        ",".join("person_id" if n == "member_id" else n for n in GOOD) + "\n" + ",".join(GOOD.values()) + "\n"
    )
    assert read(path)[1] == RowCounts(1, 1, 0)
    path.write_text(
        ",".join("patient_id" if n == "member_id" else n for n in GOOD) + "\n" + ",".join(GOOD.values()) + "\n"
    )
    with pytest.raises(AuditError, match="--layout tuva"):
        read(path)
