"""The workbook of a review sample says of every line, passes too, what a reviewer needs to find it."""

from datetime import datetime

import duckdb
import pytest
from openpyxl import load_workbook

from audit_lib.audit import RunOptions, run_audit
from audit_lib.ledger.review_sample import write_sample
from audit_lib.progress import Progress
from audit_lib.resources import folder
from audit_lib.run import Run

CLAIMS = """\
claim_id,claim_line_number,member_id,claim_line_start_date,hcpcs_code,service_unit_quantity,paid_amount,billing_tin,place_of_service_code
A,1,M1,2025-08-10,S9500,1,90.00,741000001,12
A,2,M1,2025-08-10,A4222,1,40.00,741000001,12
P,1,M2,2025-08-11,A4222,1,30.00,742000002,12
"""


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """Return each claim's row: P is a supply of a member without per diem and without any finding."""
    place = tmp_path_factory.mktemp("sample")
    (place / "claims.csv").write_text(CLAIMS, encoding="utf-8")
    options = RunOptions(str(place / "claims.csv"), place / "runs", rules=["supply_with_per_diem"], with_reports=False)
    run = run_audit(options, Progress(is_quiet=True)).path
    write_sample(Run.open(run), 5, 1, place / "sample.xlsx")
    header, *rows = load_workbook(place / "sample.xlsx").active.iter_rows(values_only=True)
    return {str(row[header.index("claim_id")]): dict(zip(header, row, strict=True)) for row in rows}


def test_findings_and_passes_are_drawn(drawn: dict[str, dict[str, object]]) -> None:
    assert {claim: row["stratum"] for claim, row in drawn.items()} == {"A": "finding", "P": "pass"}


@pytest.mark.parametrize(("claim", "provider", "day"), [("A", "741000001", 10), ("P", "742000002", 11)])
def test_every_line_has_its_provider_code_and_day(
    drawn: dict[str, dict[str, object]], claim: str, provider: str, day: int
) -> None:
    row = drawn[claim]
    assert (row["provider_id"], row["hcpcs_code"]) == (provider, "A4222")
    assert row["claim_line_start_date"] == datetime(2025, 8, day)


# Judged lines, each `stratum, its size, agreed, not agreed`; passes of the run → whether the rule is accepted.
ACCEPTED = {
    "nine in ten of thirty": (["finding 100 27 3"], 0, True),
    "fewer than nine in ten": (["finding 100 26 4"], 0, False),
    "fewer than thirty": (["finding 100 29 0"], 0, False),
    "all there were": (["finding 5 5 0"], 0, True),
    "passes not judged": (["finding 5 5 0"], 1, False),
    "passes judged": (["finding 5 5 0", "pass 4 4 0"], 1, True),
    "passes disagreed with": (["finding 5 5 0", "pass 4 3 1"], 1, False),
    "as many passes as were judged": (["finding 5 5 0", "pass 4 4 0"], 4, True),
    "a trial on few, a run of many": (["finding 5 5 0", "pass 4 4 0"], 29, False),
    "thirty of more than a trial had": (["finding 5 5 0", "pass 30 30 0"], 100, True),
}


# Who judged what in which order, each `day, number, version of the rule, agreed`, of one line → lines judged, agreed.
JUDGED = {
    "the later day, whichever came in first": (["02 1 1 yes", "01 2 1 no"], (1, 1)),
    "of a day what came in later": (["01 1 1 no", "01 2 1 yes"], (1, 1)),
    "a line of an earlier version": (["01 1 1 yes", "02 2 0 no"], (1, 1)),
}
VERDICTS = """
    create table verdicts (
        rule varchar, rule_version bigint, stratum varchar, stratum_size bigint, is_agreed boolean,
        claim_id varchar, claim_line_number bigint, verdict_date date, verdict_number bigint
    );
    -- Neither another answer of the rule nor a pass of another is a pass of the rule.
    create table line_outcomes as
    select * from (values ('x', 'excepted'), ('y', 'pass')) as answers (rule, outcome);
    create table finding_status (
        rule varchar, verdict varchar, verdict_rule_version bigint, rule_version bigint, heir_finding_id varchar,
        is_seen boolean
    );
    create table run_rules as select 'x' as rule, 1 as rule_version
"""


def _standing(tables: duckdb.DuckDBPyConnection, columns: str) -> list[tuple[object, ...]]:
    query = (folder("sql") / "ledger" / "rule_standing.sql").read_text("utf-8")
    return tables.sql(query).project(columns).fetchall()


@pytest.mark.parametrize("name", ACCEPTED)
def test_when_a_rule_is_accepted(name: str) -> None:
    strata, passes, expected = ACCEPTED[name]
    with duckdb.connect() as tables:
        tables.execute(VERDICTS)
        for stratum, size, agreed, against in map(str.split, strata):
            for n in range(int(agreed) + int(against)):
                row = ["x", 1, stratum, int(size), n < int(agreed), f"{stratum}{n}", 1, "2025-10-01", n]
                tables.execute("insert into verdicts values (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        for _ in range(passes):
            tables.execute("insert into line_outcomes values ('x', 'pass')")
        assert _standing(tables, "is_validated") == [(expected,)]


# Findings of the run that is looked at, of a rule of which five of five were judged in a trial.
@pytest.mark.parametrize(("seen", "unseen", "expected"), [(5, 20, True), (6, 0, False)])
def test_a_trial_on_few_findings_accepts_no_rule_for_many(seen: int, unseen: int, expected: bool) -> None:
    with duckdb.connect() as tables:
        tables.execute(VERDICTS)
        for n in range(5):
            row = ["x", 1, "finding", 5, True, f"A{n}", 1, "2025-10-01", n]
            tables.execute("insert into verdicts values (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        for n in range(seen + unseen):
            tables.execute("insert into finding_status values ('x', null, null, 1, null, ?)", [n < seen])
        assert _standing(tables, "is_validated") == [(expected,)]


@pytest.mark.parametrize("name", JUDGED)
def test_of_a_line_that_was_judged_twice_the_last_verdict_counts(name: str) -> None:
    verdicts, expected = JUDGED[name]
    with duckdb.connect() as tables:
        tables.execute(VERDICTS)
        for day, number, version, agreed in map(str.split, verdicts):
            row = ["x", int(version), "finding", 1, agreed == "yes", "A", 1, f"2025-10-{day}", int(number)]
            tables.execute("insert into verdicts values (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        assert _standing(tables, "judged_finding_count, agreed_finding_count") == [expected]


def test_decisions_count_whatever_the_version_and_those_on_the_present_one_apart() -> None:
    with duckdb.connect() as tables:
        tables.execute(VERDICTS)
        tables.execute(
            """
            insert into finding_status values
            ('x', 'upheld', 1, 1, null, true), ('x', 'upheld', 0, 1, null, true),
            ('x', 'overturned', 0, 1, null, false), ('x', null, null, 1, null, true),
            ('y', 'overturned', 1, 1, null, true)
            """
        )
        counts = "upheld_count, overturned_count, decided_count, decided_at_this_version_count"
        assert _standing(tables, counts) == [(2, 1, 3, 1)]


# Lines of a rule: thirty findings, one of the least amount not reached, thirty passes, and other answers.
OUTCOMES = """
    create table line_outcomes as
    select
        'x' as rule, 1 as rule_version, outcome, 'C' || lpad(n::varchar, 2, '0') as claim_id, line as claim_line_number,
        '741' as provider_id, 'A4222' as hcpcs_code, date '2025-08-10' as claim_line_start_date, 9.00 as paid_amount,
        9.00 as amount, 'why' as reason, null::varchar as related_claim_id, null::bigint as related_claim_line_number
    from range(30) as numbers (n)
    cross join (values (1, 'overpayment'), (2, 'pass'), (3, 'excepted'), (4, 'not_evaluable')) as t (line, outcome);
    insert into line_outcomes select * replace (5 as claim_line_number) from line_outcomes
    where claim_id = 'C00' and claim_line_number = 1;
    create table findings as
    select rule, claim_id, claim_line_number, 'id' as finding_id from line_outcomes where claim_line_number = 1
"""


def _sample(seed: int, count: int) -> list[tuple[object, ...]]:
    with duckdb.connect() as tables:
        tables.execute(f"{OUTCOMES}; create table sample_size as select {seed} as seed, {count} as lines_per_stratum")
        rows = tables.sql((folder("sql") / "validation" / "review_sample.sql").read_text("utf-8"))
        return sorted(rows.project("stratum, claim_id, claim_line_number, stratum_size").fetchall())


def test_of_findings_and_of_passes_as_many_are_drawn_as_were_asked() -> None:
    for count, drawn_count in ((1, 1), (30, 30), (31, 30)):
        rows = _sample(7, count)
        assert [(stratum, line, size) for stratum, _, line, size in rows] == (
            [("finding", 1, 30)] * drawn_count + [("pass", 2, 30)] * drawn_count
        )


def test_which_lines_are_drawn_rests_on_the_seed_and_the_line_and_on_nothing_else() -> None:
    one, again, other = ([row[:2] for row in _sample(seed, 5)] for seed in (1, 1, 2))
    assert one == again != other
    findings, passes = ([claim for of, claim in one if of == stratum] for stratum in ("finding", "pass"))
    assert findings != passes
    assert [f"C{n:02}" for n in range(5)] not in (findings, passes)
