"""The shipped code lists load; a faulty list is refused and named."""

import csv

import duckdb
import pytest

from audit_lib.code_schema import read_schema
from audit_lib.errors import AuditError
from audit_lib.resources import folder
from tests.hand_made import load_code_sets

CODE_SETS = folder("sql") / "code_sets"


# ---------------------------------------------------------------- the shipped lists


@pytest.fixture(scope="module")
def shipped():
    connection = duckdb.connect()
    load_code_sets(connection, CODE_SETS)
    return connection


def test_every_shipped_list_becomes_a_table_with_all_its_rows():
    counts = load_code_sets(duckdb.connect(), CODE_SETS)
    assert set(counts) == {path.stem for path in CODE_SETS.glob("*.csv")}
    for name, count in counts.items():
        with (CODE_SETS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            assert count == sum(1 for _ in csv.DictReader(file)) > 0, name


def test_tables_have_the_declared_types(shipped):
    found = shipped.sql("select column_name, data_type from duckdb_columns() where table_name = 'hcpcs_validity'")
    assert dict(found.fetchall()) == {
        "code": "VARCHAR",
        "added": "DATE",
        "terminated": "DATE",
        "label": "VARCHAR",
        "valid_from": "DATE",
        "valid_to": "DATE",
        "source": "VARCHAR",
    }
    assert value(shipped, "select distinct typeof(is_infusion) from per_diem_codes") == "BOOLEAN"
    assert value(shipped, "select distinct typeof(rank) from initial_service_codes") == "BIGINT"


def test_empty_validity_stands_for_the_whole_calendar(shipped):
    for name in read_schema(CODE_SETS).lists:
        days = set(shipped.table(name).select("valid_from::text, valid_to::text").fetchall())
        assert days == {("0001-01-01", "9999-12-31")}, name


def test_empty_cells_are_null(shipped):
    assert value(shipped, "select count(*) from per_diem_codes where scale = ''") == 0
    assert value(shipped, "select count(*) from modifier_codes where therapy_rank is null") == 15


def value(connection, query):
    [(only,)] = connection.execute(query).fetchall()
    return only


@pytest.mark.parametrize(
    ("child", "column", "parent", "parent_column"),
    [
        ("supply_code_per_diems", "code", "supply_codes", "code"),
        ("supply_code_per_diems", "per_diem_code", "per_diem_codes", "code"),
        ("per_diem_conflicts", "code_a", "per_diem_codes", "code"),
        ("per_diem_place_outcomes", "place_of_service_code", "place_of_service_codes", "code"),
        ("tpn_code_review_families", "code", "tpn_codes", "code"),
        ("tpn_code_review_families", "family", "per_diem_codes", "family"),
        ("tpn_product_ndcs", "product_code", "tpn_products", "code"),
        ("tpn_product_words", "product_code", "tpn_products", "code"),
        ("tpn_products", "code", "tpn_product_words", "product_code"),
        ("flush_product_ndcs", "product_code", "flush_products", "code"),
        ("flush_product_words", "product_code", "flush_products", "code"),
        ("add_on_codes", "code", "initial_service_codes", "code"),
        ("home_visit_codes", "code", "nursing_codes", "code"),
        ("upkeep_codes", "code", "included_service_codes", "code"),
        ("pump_codes", "code", "supply_codes", "code"),
        ("member_owned_battery_codes", "code", "supply_codes", "code"),
        ("bill_type_places", "place_of_service_code", "place_of_service_codes", "code"),
    ],
)
def test_lists_point_at_rows_that_exist(shipped, child, column, parent, parent_column):
    pointing = set(shipped.table(child).select(column).fetchall())
    assert pointing <= set(shipped.table(parent).select(parent_column).fetchall())


@pytest.mark.parametrize(
    ("codes", "supplies"),
    [
        ("from pump_codes", "from supply_codes where is_pump"),
        ("from member_owned_battery_codes", "from supply_codes where tier = 'EXEMPT'"),
        ("from upkeep_codes", "from included_service_codes where is_member_owned_exempt"),
        (
            "from per_diem_codes where is_incidental",
            "from per_diem_codes where is_injection and not is_context and bundles_supplies = 'none'",
        ),
    ],
)
def test_a_fact_that_two_lists_state_is_the_same_in_both(shipped, codes, supplies):
    assert (
        shipped.sql(f"select code {codes} order by 1").fetchall()
        == shipped.sql(f"select code {supplies} order by 1").fetchall()
    )


def test_ndcs_have_the_digits_they_claim_and_no_rank_is_used_twice(shipped):
    for kind in ("tpn", "flush"):
        ndcs = shipped.table(f"{kind}_product_ndcs")
        assert ndcs.filter("length(ndc) <> digits").fetchall() == []
        words = shipped.table(f"{kind}_product_words")
        assert [rank for (rank,) in words.select("rank").order("rank").fetchall()] == list(range(1, len(words) + 1))
        assert words.filter("phrase <> upper(trim(phrase))").fetchall() == []


# ---------------------------------------------------------------- refusals

SCHEMA = """
patterns: {hcpcs: "[A-Z][0-9]{4}"}
common_columns:
  label: {type: text}
  valid_from: {type: date, required: false}
  valid_to: {type: date, required: false}
  source: {type: text}
lists:
  pumps:
    purpose: Pumps.
    key: [code]
    columns:
      code: {type: code, pattern: hcpcs}
      kind: {type: text, values: [portable, implanted]}
      is_owned: {type: yes_no}
      rank: {type: integer, required: false}
"""
HEADER = "code,label,kind,is_owned,rank,valid_from,valid_to,source"
GOOD = "E0781,pump,portable,yes,1,,,expert"


def load(tmp_path, *rows, header=HEADER, schema=SCHEMA):
    (tmp_path / "schema.yml").write_text(schema, encoding="utf-8")
    (tmp_path / "pumps.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    connection = duckdb.connect()
    return load_code_sets(connection, tmp_path), connection


def refusal(tmp_path, *rows, **options):
    with pytest.raises(AuditError) as caught:
        load(tmp_path, *rows, **options)
    assert caught.value.exit_code == 10
    message = str(caught.value)
    assert "\n" not in message
    assert str(tmp_path) in message
    return message


def test_a_good_list_loads(tmp_path):
    counts, connection = load(tmp_path, GOOD, "E0782,pump,implanted,no,,2025-01-01,2025-12-31,expert")
    assert counts == {"pumps": 2}
    rows = connection.sql(
        "select code, is_owned, rank, valid_from::text, valid_to::text from pumps order by code"
    ).fetchall()
    assert rows == [
        ("E0781", True, 1, "0001-01-01", "9999-12-31"),
        ("E0782", False, None, "2025-01-01", "2025-12-31"),
    ]


def test_a_byte_order_mark_is_read_over(tmp_path):
    assert load(tmp_path, GOOD, header="\ufeff" + HEADER)[0] == {"pumps": 1}


def test_the_same_key_may_return_later(tmp_path):
    counts, _ = load(
        tmp_path,
        "E0781,pump,portable,yes,1,,2024-12-31,expert",
        "E0781,pump,portable,no,2,2025-01-01,,expert",
    )
    assert counts == {"pumps": 2}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            "E781,pump,portable,yes,1,,,expert",
            "pumps.csv row 2: code is 'E781', allowed is a code of the form [A-Z][0-9]{4}",
        ),
        ("e0782,pump,portable,yes,1,,,expert", "row 2: code is 'e0782'"),
        (" E0782,pump,portable,yes,1,,,expert", "row 2: code is ' E0782'"),
        (",pump,portable,yes,1,,,expert", "row 2: code is '', allowed is a value, not an empty cell"),
        (
            "E0782,pump,moving,yes,1,,,expert",
            "row 2: kind is 'moving', allowed is one of portable, implanted",
        ),
        ("E0782,pump,portable,true,1,,,expert", "row 2: is_owned is 'true', allowed is yes or no"),
        ("E0782,pump,portable,,1,,,expert", "row 2: is_owned is ''"),
        ("E0782,pump,portable,yes,1.5,,,expert", "row 2: rank is '1.5', allowed is a whole number"),
        (
            "E0782,pump,portable,yes,1,2025-02-30,,expert",
            "row 2: valid_from is '2025-02-30', allowed is a day that exists",
        ),
        ("E0782,pump,portable,yes,1,,20251231,expert", "row 2: valid_to is '20251231'"),
        ("E0782,pump,portable,yes,1,2025-12-31,2025-01-01,expert", "row 2: valid_from is after valid_to"),
        ("E0782,pump,portable,yes,1,,,", "row 2: source is ''"),
        ("E0782,pump,portable,yes", "row 2 has 4 values, the header names 8"),
        (GOOD, "rows 1 and 2: code E0781 is there twice"),
        (
            "E0781,pump,portable,no,1,2025-01-01,,expert",
            "rows 1 and 2: code E0781 is valid twice on some days",
        ),
    ],
)
def test_a_bad_row_is_refused_and_named(tmp_path, row, expected):
    message = refusal(tmp_path, GOOD, row)
    assert expected in message
    assert "1 problem:" in message


def test_windows_that_share_one_day_overlap(tmp_path):
    message = refusal(
        tmp_path,
        "E0781,pump,portable,yes,1,,2025-01-01,expert",
        "E0781,pump,portable,no,2,2025-01-01,,expert",
    )
    assert "rows 1 and 2: code E0781 is valid twice on some days" in message


def test_all_problems_are_told_at_once(tmp_path):
    message = refusal(tmp_path, "E1,pump,moving,yes,1,,,expert", GOOD, GOOD)
    assert "3 problems" in message
    assert "code is 'E1'" in message
    assert "kind is 'moving'" in message
    assert "rows 2 and 3: code E0781 is there twice" in message


def test_a_long_list_of_problems_is_cut_short(tmp_path):
    message = refusal(tmp_path, *["E1,pump,portable,yes,1,,,expert"] * 12)
    assert "12 problems" in message
    assert "and 2 more" in message


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (HEADER.replace(",rank", ""), "pumps.csv header: column rank is missing"),
        (HEADER.replace("rank", "order"), "pumps.csv header: column order is unknown, allowed are code, kind"),
        (HEADER.replace("rank", "kind"), "pumps.csv header: column kind is named twice"),
        ("", "pumps.csv header: column code is missing"),
    ],
)
def test_a_bad_header_is_refused(tmp_path, header, expected):
    assert expected in refusal(tmp_path, GOOD, header=header)


def test_an_undeclared_file_is_refused(tmp_path):
    (tmp_path / "valves.csv").write_text("code\n", encoding="utf-8")
    assert "valves.csv is not declared in schema.yml" in refusal(tmp_path, GOOD)


def test_a_missing_file_is_refused(tmp_path):
    (tmp_path / "schema.yml").write_text(SCHEMA, encoding="utf-8")
    with pytest.raises(AuditError, match=r"pumps\.csv is declared in schema\.yml but is not there"):
        load_code_sets(duckdb.connect(), tmp_path)


def test_a_file_in_another_encoding_is_refused(tmp_path):
    (tmp_path / "schema.yml").write_text(SCHEMA, encoding="utf-8")
    (tmp_path / "pumps.csv").write_bytes((HEADER + "\n" + GOOD.replace("pump", "pömp")).encode("latin-1"))
    with pytest.raises(AuditError, match=r"pumps\.csv cannot be read: it is no text in UTF-8"):
        load_code_sets(duckdb.connect(), tmp_path)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("key: [code]", "key: [codes]", "the key names codes, which is no column"),
        ("pattern: hcpcs}", "pattern: cpt}", "column code needs a pattern out of hcpcs"),
        ("type: yes_no", "type: maybe", "lists.pumps.columns.is_owned.type"),
        ("purpose: Pumps.", "why: Pumps.", "lists.pumps.why is no key, allowed are purpose, key, columns"),
        ("purpose: Pumps.", "purpos: Pumps.", "Did you mean purpose?"),
        ("purpose: Pumps.", "", "lists.pumps.purpose is missing"),
        ("patterns:", "patterns: [", "schema.yml cannot be read: it is no YAML"),
    ],
)
def test_a_bad_schema_is_refused(tmp_path, before, after, expected):
    assert expected in refusal(tmp_path, GOOD, schema=SCHEMA.replace(before, after))


def test_nothing_is_loaded_when_one_list_is_bad(tmp_path):
    (tmp_path / "schema.yml").write_text(SCHEMA, encoding="utf-8")
    (tmp_path / "pumps.csv").write_text(HEADER + "\nE1,pump,portable,yes,1,,,expert\n", encoding="utf-8")
    connection = duckdb.connect()
    with pytest.raises(AuditError):
        load_code_sets(connection, tmp_path)
    assert connection.sql("show tables").fetchall() == []
