"""A user's own layout file: what it can say, and how each mistake in it is answered."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from audit_lib.claims.layouts import read_layout
from audit_lib.claims.row_counts import RowCounts
from audit_lib.errors import AuditError
from tests.claims_text import GOOD, read, rows
from tests.layout_texts import OURS, REFUSED, VALUES
from tests.parquet_tables import table


def _read(folder: Path, columns: dict[str, str], values: str = VALUES, **keys: object) -> tuple[object, RowCounts]:
    layout = {"reading": {"delimiter": "|", "date_format": "%m/%d/%Y"}, "columns": {**OURS, **columns}, **keys}
    (folder / "ours.yml").write_text(yaml.safe_dump(layout), "utf-8")
    (folder / "extract.txt").write_text("|".join(OURS.values()) + f"\n{values}\n", "utf-8")
    return read(folder / "extract.txt", str(folder / "ours.yml"))


EXPRESSIONS = {
    "cast(pd as decimal(18, 2)) * 2": "20.00",
    "-cast(pd as double) + 1": "-9.00",
    "case when length(mbr) > 100 then cast(proc as decimal) else cast(pd as decimal(18, 2)) end": "10.00",
    "try_cast(proc as decimal(18, 2))": None,
    "coalesce(nullif(pd, '10.00'), '7')": "7.00",
    "left(PD, 2)": "10.00",
    "replace(\"pd\", '.', '')": "1000.00",
    "regexp_extract(tax, '^[0-9]{3}')": "123.00",
    "split_part(pd, '.', 1) || '.' || right(tax, 2)": "10.89",
    "if(proc like 'a%' and mbr in ('m', 'n') and units between '0' and '2' and tax is not null, '1', '2')": "1.00",
    "/* paid */ pd -- in dollars": "10.00",
    "'5'": "5.00",
}


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_an_expression(tmp_path: Path, text: str) -> None:
    connection, counts = _read(tmp_path, {"allowed_amount": text})
    assert counts == RowCounts(1, 1, 0)
    assert rows(connection, "select cast(allowed_amount as varchar) from typed_rows") == [(EXPRESSIONS[text],)]


# What a bill, a mark for nothing or nothing says of the paid amount → allowed_amount by the expression.
FALLBACKS = [
    ("coalesce(pd, tax)", "", "123456789.00"),
    ("coalesce(pd, tax)", "  ", "123456789.00"),
    ("coalesce(pd, tax)", "NULL", "123456789.00"),
    ("coalesce(pd, tax)", "unknown", "123456789.00"),
    ("coalesce(pd, tax)", "10.00", "10.00"),
    ("coalesce(nullif(pd, '0'), tax)", "0", "123456789.00"),
    ("case when pd is null then '3' else '4' end", " \\N ", "3.00"),
    ("case when pd is not null then '3' else '4' end", "N/A", "4.00"),
    ("case when pd = 0 then '3' else '4' end", "0.00", "3.00"),
    ("case when pd = 0 then '3' else '4' end", "0.40", "4.00"),
    ("case when pd <> 10 then '3' else '4' end", "10.0", "4.00"),
    ("case when pd in (5, 10) then '3' else '4' end", "10.0", "3.00"),
    ("case when pd between 0 and 0.5 then '3' else '4' end", "0.40", "3.00"),
    ("nullif(pd, 0)", "0.00", None),
    ("nullif(pd, 0)", "0.40", "0.40"),
]


@pytest.mark.parametrize(("text", "paid", "expected"), FALLBACKS)
def test_an_expression_of_what_may_be_nothing_or_a_number(
    tmp_path: Path, text: str, paid: str, expected: str | None
) -> None:
    reading = {"delimiter": "|", "date_format": "%m/%d/%Y", "null_values": ["unknown"]}
    values = VALUES.replace("10.00", paid)
    connection, counts = _read(tmp_path, {"allowed_amount": text}, values, reading=reading)
    assert counts == RowCounts(1, 1, 0)
    assert rows(connection, "select cast(allowed_amount as varchar) from typed_rows") == [(expected,)]


def test_text_that_is_compared_with_a_number_rejects_its_row_alone(tmp_path: Path) -> None:
    is_two = {"claim_line_status": "case when units = 2 then 'denied' else 'paid' end"}
    connection, counts = _read(tmp_path, is_two, f"{VALUES}\n{VALUES.replace('|1|10.00', '|x|10.00')}")
    assert counts == RowCounts(2, 1, 1)
    named = [("service_unit_quantity, claim_line_status",)]
    assert rows(connection, "select column_name from rejected_rows") == named


def test_marks_for_no_value_in_columns_of_a_type(tmp_path: Path) -> None:
    layout = "based_on: canonical\nreading: {null_values: [2025-12-31, 99, '0']}\n"
    (tmp_path / "ours.yml").write_text(layout, "utf-8")
    days = pa.array([dt.date(2025, 12, 31), dt.date(2025, 8, 1)])
    given = table(2, paid_date=days, place_of_service_code=pa.array([99, 12]), allowed_amount=pa.array([0.0, 99.5]))
    pq.write_table(given, tmp_path / "c.parquet")
    connection, counts = read(tmp_path / "c.parquet", str(tmp_path / "ours.yml"))
    assert counts == RowCounts(2, 2, 0)
    query = "select paid_date, place_of_service_code, allowed_amount from typed_rows order by source_row"
    assert rows(connection, query) == [(None, None, None), (dt.date(2025, 8, 1), "12", Decimal("99.50"))]


@pytest.mark.parametrize("day", ["01/01/1900", "12/31/9999", "1/1/1970"])
def test_dates_for_nothing_in_a_layouts_own_format(tmp_path: Path, day: str) -> None:
    connection, counts = _read(tmp_path, {"paid_date": "mbr"}, VALUES.replace("|m|", f"|{day}|"))
    assert counts == RowCounts(1, 1, 0)
    assert rows(connection, "select paid_date from typed_rows") == [(None,)]


FAILING = {
    "allowed_amount": "cast(mbr as decimal(18, 2))",
    "paid_date": "strptime(mbr, '%Y%m%d')",
    "claim_start_date": "make_date(2025, cast(units as integer) + 12, 1)",
    "member_id": "cast(cast(mbr as integer) as varchar)",
}


@pytest.mark.parametrize("column", FAILING)
def test_an_expression_that_fails_on_a_row_rejects_that_row(tmp_path: Path, column: str) -> None:
    good = VALUES.replace("|m|", "|20250801|").replace("|1|10.00", "|-1|10.00")
    connection, counts = _read(tmp_path, {column: FAILING[column]}, f"{VALUES}\n{good}")
    assert counts == RowCounts(2, 1, 1)
    assert rows(connection, "select source_row, column_name, reason from rejected_rows") == [
        (1, column, f"{column} could not be computed by the layout's expression")
    ]


@pytest.mark.parametrize("text", REFUSED)
def test_an_expression_that_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(AuditError) as caught:
        _read(tmp_path, {"drug_name": text})
    assert caught.value.exit_code == 11
    assert "the layout's drug_name: it " in caught.value.message


def test_expressions_that_do_not_fit_their_columns_are_all_named(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match=r"expression for paid_amount, allowed_amount uses a column as a type"):
        _read(tmp_path, {"paid_amount": "pd + units", "allowed_amount": "abs(pd)"})


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(AuditError) as caught:
        _read(tmp_path, {"paid_amount": "pad", "paid_amout": "pd", "plan": "sum(pd)", "hcpcs_code": "null"})
    for words in ("Did you mean pd?", "Did you mean paid_amount?", "function 'sum'"):
        assert words in caught.value.message
    assert "no column paid_amount" not in caught.value.message


FILES = {
    "columns: same\nreading: {delimeter: x}": "reading.delimeter is no key of a layout. Did you mean delimiter?",
    "colums: same": "colums is no key of a layout. Did you mean columns?",
    "name: mine": "name is no key of a layout",
    "columns: [a]": "columns must be `same` or lines `column: expression`",
    "columns:\n  claim_id:\n": "columns must be `same` or lines `column: expression`",
    "- a": "must hold `key: value` lines",
    "a: [": "not a YAML text file",
    "title: 2025-13-45": "not a YAML text file",
    "reading: {encoding: klingon}": "reading.encoding must be an encoding of text",
    "reading: {encoding: hex}": "reading.encoding must be an encoding of text",
    "reading: {date_format: MM/DD/YYYY}": "reading.date_format must name day, month and year as in %m/%d/%Y",
    "reading: {date_format: '%m/%d'}": "must name day, month and year",
    "reading: {date_format: '%Q%m%d%Y'}": "must name day, month and year",
    "reading: {quote: ab}": "reading.quote must be one plain character",
    "reading: {delimiter: '\"'}": "reading.delimiter must be one to four characters",
    "reading: {null_values: [{a: 1}]}": "reading.null_values",
    "based_on: tuwa": "Did you mean tuva?",
    "based_on: other.yml": "none of the shipped layouts",
}


@pytest.mark.parametrize("text", FILES)
def test_a_mistake_in_the_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "ours.yml").write_text(text, "utf-8")
    with pytest.raises(AuditError) as caught:
        read_layout(str(tmp_path / "ours.yml"))
    assert caught.value.exit_code == 11
    assert FILES[text] in caught.value.message
    assert "\n" not in caught.value.message and ".." not in caught.value.message and "?." not in caught.value.message


READING: dict[str, tuple[dict[str, object], str, object]] = {
    "dates of the day first": ({"date_format": "%d/%m/%Y"}, "A|1|m|02/08/2025|a|1|1|1", dt.date(2025, 8, 2)),
    "of two formats the first that fits": (
        {"date_format": ["%m-%d-%Y", "%d/%m/%Y"]}, "A|1|m|02/08/2025|a|1|1|1", dt.date(2025, 8, 2),
    ),
    "eight digits of another order": ({"date_format": "%d%m%Y"}, "A|1|m|20112025|a|1|1|1", dt.date(2025, 11, 20)),
    "years of two digits": ({"date_format": "%m/%d/%y"}, "A|1|m|8/2/25|a|1|1|1", dt.date(2025, 8, 2)),
    "year first beside it": ({"date_format": "%m/%d/%Y"}, "A|1|m|2025-08-02|a|1|1|1", dt.date(2025, 8, 2)),
    "another quotation mark": ({"quote": "'"}, "A|1|'m|m'|2025-08-02|a|1|1|1", dt.date(2025, 8, 2)),
    "no quotation mark": ({"quote": ""}, 'A|1|"m|2025-08-02|a|1|1|1', dt.date(2025, 8, 2)),
}  # fmt: skip


@pytest.mark.parametrize("name", READING)
def test_reading_options(tmp_path: Path, name: str) -> None:
    reading, values, day = READING[name]
    connection, counts = _read(tmp_path, {}, values, reading={"delimiter": "|", **reading})
    assert counts == RowCounts(1, 1, 0)
    assert rows(connection, "select claim_line_start_date from typed_rows") == [(day,)]


def test_marks_for_no_value_may_be_dates_and_numbers_of_yaml(tmp_path: Path) -> None:
    layout = "based_on: canonical\nreading: {null_values: [9999-12-31, 99, none given]}\n"
    (tmp_path / "ours.yml").write_text(layout, "utf-8")
    values = {
        **GOOD,
        "paid_date": "9999-12-31",
        "place_of_service_code": "99",
        "drug_name": "none given",
        "plan": "N/A",
    }
    (tmp_path / "c.csv").write_text(f"{','.join(values)}\n{','.join(values.values())}\n", "utf-8")
    connection, counts = read(tmp_path / "c.csv", str(tmp_path / "ours.yml"))
    assert counts == RowCounts(1, 1, 0)
    query = "select paid_date, place_of_service_code, drug_name, plan from typed_rows"
    assert rows(connection, query) == [(None, None, None, None)]


@pytest.mark.parametrize("delimiter", ["~", "||", "\x01", "^|^"])
@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16-le", "cp850"])
def test_delimiters_and_encodings_that_are_not_guessed(tmp_path: Path, delimiter: str, encoding: str) -> None:
    (tmp_path / "ours.yml").write_text(
        yaml.safe_dump({"based_on": "canonical", "reading": {"delimiter": delimiter, "encoding": encoding}}), "utf-8"
    )
    values = {**GOOD, "drug_name": '"caf\u00e9"'}
    text = f"{delimiter.join(values)}\n{delimiter.join(values.values())}\n"
    (tmp_path / "c.csv").write_bytes(text.encode(encoding))
    connection, counts = read(tmp_path / "c.csv", str(tmp_path / "ours.yml"))
    assert counts == RowCounts(1, 1, 0)
    assert rows(connection, "select drug_name from typed_rows") == [("caf\u00e9",)]


def test_a_wrong_encoding_is_said(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="is no text in utf-16"):
        _read(tmp_path, {}, reading={"encoding": "utf-16"})


def test_a_layout_on_top_of_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "ours.yml").write_text("based_on: tuva\ncolumns: {member_id: subscriber, plan: \"'gold'\"}\n", "utf-8")
    names = [name for name in GOOD if name not in ("member_id", "claim_line_start_date")]
    header = ",".join([*names, "subscriber", "claim_start_date"])
    (tmp_path / "c.csv").write_text(f"{header}\n{','.join(GOOD[n] for n in names)},s,2025-08-02\n", "utf-8")
    connection, counts = read(tmp_path / "c.csv", str(tmp_path / "ours.yml"))
    assert counts == RowCounts(1, 1, 0)
    query = "select member_id, plan, claim_line_start_date, hcpcs_code from typed_rows"
    assert rows(connection, query) == [("s", "gold", dt.date(2025, 8, 2), "A4222")]


def _tuva_columns(first: tuple[str, ...], extra: tuple[str, ...]) -> list[str]:
    """The columns of Tuva's medical_claim; the newer form has person_id, payer, plan and the member's share."""
    spans = ["claim_start_date", "claim_end_date", "claim_line_start_date", "claim_line_end_date"]
    numbered = ["diagnosis_code", "diagnosis_poa", "procedure_code", "procedure_date"]
    return [
        "claim_id", "claim_line_number", "claim_type", *first, *spans, "admission_date", "discharge_date",
        "admit_source_code", "admit_type_code", "discharge_disposition_code", "place_of_service_code", "bill_type_code",
        "revenue_center_code", "service_unit_quantity", "hcpcs_code", *[f"hcpcs_modifier_{n}" for n in range(1, 6)],
        "rendering_npi", "billing_npi", "facility_npi", "paid_date", "paid_amount", "total_cost_amount",
        "allowed_amount", "charge_amount", "diagnosis_code_type", "procedure_code_type", "data_source", *extra,
        *[f"{name}_{n}" for name in numbered for n in range(1, 26)],
    ]  # fmt: skip


TUVA = {
    137: _tuva_columns(("patient_id", "member_id"), ("ms_drg_code", "apr_drg_code")),
    148: _tuva_columns(
        ("person_id", "member_id", "payer", "plan"),
        (
            "drg_code_type", "drg_code", "rendering_tin", "billing_tin", "coinsurance_amount", "copayment_amount",
            "deductible_amount", "in_network_flag", "file_name", "file_date", "ingest_datetime",
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("count", TUVA)
def test_both_forms_of_tuva_whole(tmp_path: Path, count: int) -> None:
    header = TUVA[count]
    assert len(header) == count
    person = "person_id" if "person_id" in header else "patient_id"
    values = {**GOOD, person: "p", "member_id": "", "claim_line_start_date": "", "claim_start_date": "2025-08-02"}
    line = ",".join(values.get(name, "") for name in header)
    (tmp_path / "c.csv").write_text(f"{','.join(header)}\n{line}\n{line.replace(',p,,', ',p,m,')}\n", "utf-8")
    connection, counts = read(tmp_path / "c.csv", "tuva")
    assert counts == RowCounts(2, 2, 0)
    query = "select member_id, claim_line_start_date from typed_rows order by source_row"
    assert rows(connection, query) == [("p", dt.date(2025, 8, 2)), ("m", dt.date(2025, 8, 2))]
