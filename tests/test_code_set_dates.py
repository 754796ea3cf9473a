"""A row of a code list counts from its first to its last day: whoever reads a list asks for the dates."""

from pathlib import Path

import sqlglot
from sqlglot import exp

from audit_lib.pipeline import load_steps

ROOT = Path(__file__).parent.parent / "sql"
LISTS = {path.stem for path in (ROOT / "code_sets").glob("*.csv")}
# Rule 27 compares dates of its own; in-force windows are looked up by group.
OWN_DATES = {"hcpcs_validity"}
# These keep what a list named on any day, each thing once; whoever judges asks for the dates.
GATHERING = {
    "audited_claims", "audited_codes", "billed_codes", "bundled_codes", "code_kinds", "context_codes",
    "home_infusion_totals", "per_diem_members", "pump_days", "text_words",
}  # fmt: skip
# A per diem code is no drug's, and no unknown S code, whenever it was one. A state is one at all times.
AT_ALL_TIMES = {
    ("drug_lines", "per_diem_codes"),
    ("invalid_code_on_service_date", "per_diem_codes"),
    ("limited_findings", "us_states"),
    ("stay_claim_types", "bill_type_places"),
}


def undated(sql: str) -> set[str]:
    """Return the lists that some select reads without asking for the dates of their rows."""
    found = set()
    for select in sqlglot.parse_one(sql, read="duckdb").find_all(exp.Select):
        sources = [select.args["from_"].this] if select.args.get("from_") else []
        sources += [join.this for join in select.args.get("joins") or []]
        # Alone, the list's columns need no name before them.
        dated = {column.table or sources[0].alias_or_name for column in select.find_all(exp.Column)
                 if column.name == "valid_from"}  # fmt: skip
        found |= {table.name for table in sources if isinstance(table, exp.Table) and table.alias_or_name not in dated}
    return found & (LISTS - OWN_DATES)


def test_a_list_that_is_read_without_its_dates_is_told() -> None:
    dated = "inner join tpn_codes as t on a.code = t.code and a.day between t.valid_from and t.valid_to"
    assert undated(f"select 1 from a {dated}") == set()
    assert undated(f"select 1 from a {dated} left join pump_codes as p on a.code = p.code") == {"pump_codes"}
    assert undated("with c as (select code from us_states) select c.code, c.valid_from from c") == {"us_states"}
    assert undated("select code, valid_from from us_states") == set()


def test_steps_ask_for_the_dates_of_every_list_that_they_read() -> None:
    steps = load_steps(ROOT / "staging", ROOT / "facts", ROOT / "rules", ROOT / "exposure")
    careless = {(name, table) for name, step in steps.items() if name not in GATHERING for table in undated(step.sql)}
    assert careless == AT_ALL_TIMES
