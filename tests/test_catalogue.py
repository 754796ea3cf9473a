"""All rules at once: what each says of itself, its SQL, cases and version; faults are found and listed together."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import duckdb
import pytest

from audit_lib.audit import audit_tables
from audit_lib.catalogue import CHECKS, failures, lock_failures
from audit_lib.catalogue.contents import Catalogue, load_catalogue, of_rule
from audit_lib.claims.layouts import read_layout
from audit_lib.claims.reading import read_claims
from audit_lib.claims.sources import find_files, scan_bytes
from audit_lib.progress import Progress
from audit_lib.resources import folder
from audit_lib.rules import RESULT_COLUMNS
from tests import rule_cases

SQL = folder("sql")


@cache
def catalogue() -> Catalogue:
    return load_catalogue()


def none(found: list[str]) -> None:
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_all_rules(check: Callable[[Catalogue], Iterator[str]]) -> None:
    none(list(check(catalogue())))


def test_versions_are_those_of_the_lock() -> None:
    none(lock_failures(catalogue()))


# Cases


def test_every_rule_has_cases_beside_the_others_of_its_family() -> None:
    rules = {rule.name: rule for rule in catalogue().rules}
    written = {path.stem: path.parent.name for path in rule_cases.FOLDER.glob("*/*.yml")}
    lost = [f"{name} - {family}/{name}.yml -> is no rule's" for name, family in written.items() if name not in rules]
    none(lost + [of_rule(r, f"has no cases in {r.family}/") for r in rules.values() if written.get(r.name) != r.family])


def test_cases_show_every_outcome_that_the_sql_can_give() -> None:
    decided: dict[str, set[str]] = {}
    for case in rule_cases.load_cases():
        decided.setdefault(case.rule, set()).update(o["decided_outcome"] for o in rule_cases.outcomes_of(case))
    none(
        [
            of_rule(rule, f"no case is decided as {outcome}")
            for rule in catalogue().rules
            for outcome in sorted(catalogue().outcomes(rule) - decided.get(rule.name, set()))
        ]
    )


def _audit(connection: duckdb.DuckDBPyConnection, claims: Path) -> None:
    files = find_files(str(claims))
    scan_bytes(files[0])
    read_claims(connection, files, read_layout("canonical"))
    audit_tables(connection, catalogue().rules, rule_cases.options_of({}), Progress(is_quiet=True))


def _write_cases(path: Path, emptied: str) -> None:
    """Write the lines of all cases, without the values of one column."""
    rows = [{**row, emptied: ""} for case in rule_cases.load_cases() for row in rule_cases._input_rows(case)]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, sorted({column for row in rows for column in row} | {"billing_npi"}), restval="")
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize("column", sorted({need for rule in catalogue().rules for need in rule.metadata.needs}))
def test_without_a_needed_column_the_answer_is_not_evaluable(column: str, tmp_path: Path) -> None:
    _write_cases(tmp_path / "cases.csv", column)
    with duckdb.connect() as connection:
        _audit(connection, tmp_path / "cases.csv")
        told = connection.execute(
            "select distinct rule from rule_rows where outcome = 'not_evaluable' and reason like $column || ': %'",
            {"column": column},
        ).fetchall()
    needing = [rule for rule in catalogue().rules if column in rule.metadata.needs]
    none([of_rule(rule, f"answers without {column} all the same") for rule in needing if (rule.name,) not in told])


def test_results_have_the_agreed_types() -> None:
    types = ["VARCHAR", "BIGINT", "VARCHAR", "DECIMAL", "VARCHAR", "VARCHAR", "BIGINT"]
    agreed = dict(zip(RESULT_COLUMNS, types, strict=True))
    found = []
    with duckdb.connect() as connection:
        _audit(connection, SQL.parent / "data" / "sample" / "clean_claims.csv")
        for rule in catalogue().rules:
            described = connection.execute(f'describe "{rule.name}"').fetchall()
            is_type = {column: kind.partition("(")[0] for column, kind, *_ in described}
            found += [of_rule(rule, f"{c} is {k}, not {agreed[c]}") for c, k in is_type.items() if k != agreed.get(c)]
    none(found)


# The checks themselves: a rule with every fault


BAD_METADATA = """
title: bad_rule of S9328.
number: 2
version: 2
status: stable
group: Z
is_contingent_on_per_diem: false
policy: {id: CPCP019, section: ""}
why: no sentence
recover: TODO
exceptions: []
misses: []
needs: [ndc_code]
settled_by: []
defences: [""]
code_sets: [upkeep_codes, no_such_list]
evidence:
  - rows: {answers: }
    amounts: [{measure: line}]
    tried:
      - {case: late, fails: TODO}
"""
BAD_SQL = (
    """
with lines as (
    select claim_lines.*, list(claim_lines.paid_amount order by claim_lines.line_order) over () as amounts
    from claim_lines
    inner join per_diem_codes on claim_lines.hcpcs_code = per_diem_codes.code
    inner join tpn_base_product on claim_lines.claim_id = tpn_base_product.claim_id
    where claim_lines.hcpcs_code in ('S9328', 'Z9999') and claim_lines.modifiers like '%,SH,%' and $wanted
)

select claim_id as claim, claim_line_number,
    case when paid_cents > 0 then 'perhaps' when unheard_of(paid_cents) then 'excepted' else 'not_evaluable' end
        as outcome,
    cast(paid_cents / 2 as double) as amount,
    case when day_count > 1 then 'of the code ' || hcpcs_code else 'see claim_id.' end as reason,
    array_agg(claim_id order by claim_line_number) as related_claim_id, claim_line_number
from lines
"""
    + "-- one more line\n" * 100
)
BAD_REPORT = """
select
    sum(paid_amount) / count(*) as first_amount, count(*) * 100.0 / 7 as line_percent,
    cast(round(cast(sum(paid_amount) as double), 2) as decimal(18, 2)) as second_amount, sum(paid_amount) as paid_amount
from findings
"""
FAULTS = [
    "title is not plain words",
    "number 2 is another rule's too",
    "group Z is not in policy_windows.csv",
    "policy section is empty",
    "why is not whole sentences",
    "recover still says TODO",
    "exceptions is empty",
    "misses is empty",
    "settled_by is empty",
    "defences is empty",
    "a reason is not a constant sentence",
    "reason is not plain words (at most 120 characters, no code): see claim_id.",
    "needs lists ndc_code, its reasons name none",
    "changes tells of versions none, and must of 2",
    "not_evaluable and a reason that begins with `column: ` come together",
    "code_sets lists upkeep_codes, which neither its SQL nor a fact of it names",
    "code_sets lists no_such_list, which is no code list",
    "code_sets lacks per_diem_codes, which its SQL or a fact of it names",
    "returns claim, claim_line_number, outcome",
    "can give the outcome perhaps",
    "reads tpn_base_product",
    "has a bound parameter",
    "has the code S9328 in its SQL, which",
    "has the code Z9999 in its SQL, which a code list could hold",
    "has the code SH in its SQL, which modifier_codes holds",
    "casts to a floating number",
    "divides with /",
    'has "ARRAY_AGG(claim_id ORDER BY claim_line_number)"',
    "lines, more than 110",
    "evidence reads answers, no named selection of its SQL",
    "evidence names the situation late, which its SQL does not give",
    "evidence still says TODO",
    'has "unheard_of(paid_cents)"; nobody has shown that Spark gives the same answer',
]


@pytest.fixture(scope="module")
def bad_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("bad") / "sql"
    shutil.copytree(SQL, root)
    (root / "rules" / "drugs" / "bad_rule.yml").write_text(BAD_METADATA, "utf-8")
    (root / "rules" / "drugs" / "bad_rule.sql").write_text(BAD_SQL, "utf-8")
    (root / "reports" / "bad_averages.sql").write_text(BAD_REPORT, "utf-8")
    (root / "rules" / "drugs" / "calendar.sql").write_text("select 1 as one", "utf-8")
    return root


@pytest.fixture(scope="module")
def bad_lines(bad_folder: Path) -> list[str]:
    return failures(load_catalogue(bad_folder))


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_found(bad_lines: list[str], fault: str) -> None:
    assert [line for line in bad_lines if line.startswith("bad_rule - bad_rule of S9328. -> ") and fault in line]


def test_money_through_floating_numbers_is_found_on_pages_too(bad_lines: list[str]) -> None:
    said = "is an amount made of a floating number; use // on whole cents"
    assert [line for line in bad_lines if line.startswith("bad_averages - ")] == [
        f"bad_averages - reports/bad_averages.sql -> {name} {said}" for name in ("first_amount", "second_amount")
    ]


def test_stray_files_are_found(bad_lines: list[str]) -> None:
    assert "calendar - calendar.sql -> there is no calendar.yml beside it" in bad_lines
    assert "calendar - 2 tables -> a name is one table's" in bad_lines
