"""Shared reports: no identifier, no day, no small cell, and none that can be computed from what is shown."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import re
import stat
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from audit_lib.audit import RunOptions, run_audit
from audit_lib.cli import main
from audit_lib.errors import AuditError
from audit_lib.progress import Progress
from audit_lib.pseudonyms import Pseudonyms, read_key
from audit_lib.schedule.delivery import deliver
from audit_lib.schedule.plan import Deliver
from audit_lib.settings import Settings
from audit_lib.sharing import SHARED_REPORT, share_reports
from tests.fake_run import build_run

SAMPLE = Path(__file__).parent.parent / "data" / "sample" / "claims.csv"
KEY = b"0123456789abcdef0123456789abcdef"
MEASURES = {"overpayment": "overpaid_rule is not null", "review": "review_rule is not null"}
CATEGORIES = {
    "rule": {"overpayment": "overpaid_rule", "review": "review_rule"},
    "month": dict.fromkeys(MEASURES, "strftime(claim_line_start_date, '%b %Y')"),
    "provider": dict.fromkeys(MEASURES, "provider_id"),
    "code": dict.fromkeys(MEASURES, "hcpcs_code"),
}


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("key") / "key"
    path.write_bytes(KEY + b"\n")
    path.chmod(0o600)
    return path


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory, key_file: Path) -> Path:
    options = RunOptions(
        str(SAMPLE), tmp_path_factory.mktemp("runs"), run_id="r", with_reports=False,
        with_quality=False, with_shared_reports=True,
        settings=Settings(pseudonym_key_file=key_file),
    )  # fmt: skip
    return run_audit(options, Progress(is_quiet=True)).path


@pytest.fixture(scope="module")
def page(run_folder: Path) -> str:
    return (run_folder / "shared_reports" / SHARED_REPORT).read_text("utf-8")


def _column(name: str) -> set[str]:
    with SAMPLE.open(newline="", encoding="utf-8") as file:
        return {row[name] for row in csv.DictReader(file)} - {""}


def test_no_member_claim_or_day_of_the_sample_is_in_it(page: str) -> None:
    text = unescape(page)
    words = set(re.findall(r"[\w-]+", text))
    assert words & (_column("member_id") | _column("claim_id") | _column("authorization_number")) == set()
    written = set(re.findall(r"\d{4}-\d\d-\d\d|\b\d{8}\b|\b\d{1,2} [A-Z][a-z]{2} \d{4}|\d\d/\d\d/\d{4}", text))
    for name in ("claim_line_start_date", "claim_line_end_date", "paid_date", "admission_date", "discharge_date"):
        for day in map(dt.date.fromisoformat, _column(name)):
            assert {day.isoformat(), f"{day:%Y%m%d}", f"{day.day} {day:%b %Y}", f"{day:%m/%d/%Y}"} & written == set()


def test_it_holds_no_script_no_download_and_nothing_from_elsewhere(page: str) -> None:
    assert re.findall(r"<script|<iframe|<object|<form|\bon\w+\s*=|javascript:|download|https?://", page, re.I) == []
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page


def test_it_says_on_how_many_rules_reviewers_agreed(page: str) -> None:
    assert "Not yet validated here: on the plan&#39;s own data reviewers have accepted none of 27 rules." in page


def test_files_are_their_owners_and_nothing_else_is_written(run_folder: Path) -> None:
    folder = run_folder / "shared_reports"
    assert [path.name for path in folder.iterdir()] == [SHARED_REPORT]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / SHARED_REPORT).stat().st_mode) == 0o600


# --------------------------------------------------------------------------------------- Small cells, recomputed


Row = tuple[str, int, Decimal]


def _tables(page: str) -> dict[tuple[str, str], list[Row]]:
    """The tables of the page as a reader sees them: by measure and dimension, rows of label, lines, dollars."""
    found = {}
    for title, dimension, body in re.findall(r'<table aria-label="([^"]+), By (\w+)">(.*?)</table>', page, re.S):
        cells = re.findall(
            r"<tr[^>]*><td>(.*?)</td><td class=\"audit-number\">([\d,]+)</td><td class=\"audit-number\">\$([\d,.]+)",
            body,
        )
        rows = [(unescape(a), int(b.replace(",", "")), Decimal(c.replace(",", ""))) for a, b, c in cells]
        found[title, dimension] = rows
    return found


@pytest.fixture(scope="module")
def exposure(run_folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.read_parquet(str(run_folder / "line_exposure.parquet")).create_view("line_exposure")
        yield connection


def _lines(exposure: duckdb.DuckDBPyConnection, measure: str) -> pd.DataFrame:
    columns = ", ".join(f"coalesce({of[measure]}, 'none') as {name}" for name, of in CATEGORIES.items())
    amount = "net_overpaid_amount" if measure == "overpayment" else "net_review_amount"
    query = f"select {columns}, member_id, cast({amount} * 100 as bigint) as cents from line_exposure"
    return exposure.sql(f"{query} where {MEASURES[measure]}").df()


def _shown_categories(page: str, measure: str, dimension: str, lines: pd.DataFrame) -> dict[str, set[str]]:
    """The published sums of a table: each label with the categories that it stands for."""
    title = {"overpayment": "Potential overpayment", "review": "Needs review"}[measure]
    rows = _tables(page)[title, dimension]
    sums = lines.groupby(dimension)["cents"].agg(["size", "sum"])
    shown: dict[str, set[str]] = {}
    for label, count, amount in rows[:-1]:
        if "withheld" not in label:
            fits = [c for c, r in sums.iterrows() if r["size"] == count and int(r["sum"]) == 100 * amount]
            assert fits, f"{label} is no category of the run"
            shown[label] = {next(c for c in fits if dimension == "rule" or str(c) in (label, label.split(" ")[0]))}
    rest = set(lines[dimension]) - set[str]().union(*shown.values())
    return {**shown, "withheld": rest} if rest else shown


@pytest.mark.parametrize("measure", MEASURES)
def test_every_table_adds_up_and_shows_no_small_cell(
    page: str, exposure: duckdb.DuckDBPyConnection, measure: str
) -> None:
    lines = _lines(exposure, measure)
    title = {"overpayment": "Potential overpayment", "review": "Needs review"}[measure]
    shown_cells = 0
    for dimension in CATEGORIES:
        *rows, (_, all_lines, all_dollars) = _tables(page)[title, dimension]
        assert (sum(r[1] for r in rows), sum(r[2] for r in rows)) == (all_lines, all_dollars)
        assert (all_lines, 100 * all_dollars) == (len(lines), int(lines["cents"].sum()))
        for categories in _shown_categories(page, measure, dimension, lines).values():
            assert lines[lines[dimension].isin(categories)]["member_id"].nunique() >= 11
            shown_cells += 1
    assert shown_cells > 8, "the sample must show some cells"


@pytest.mark.parametrize("measure", MEASURES)
def test_no_small_cell_can_be_computed_from_the_tables(
    page: str, exposure: duckdb.DuckDBPyConnection, measure: str
) -> None:
    """By rank, on the lines' combinations, apart from the program's own way: nothing small is in the span."""
    lines = _lines(exposure, measure)
    groups = lines.groupby(list(CATEGORIES))["member_id"].agg(frozenset).reset_index()
    published = {d: _shown_categories(page, measure, d, lines).values() for d in CATEGORIES}
    sums = {d: [groups[d].isin(categories).to_numpy() for categories in published[d]] for d in CATEGORIES}
    matrix = np.array([vector for vectors in sums.values() for vector in vectors], float).T
    rank = np.linalg.matrix_rank(matrix)
    singles = [groups[d].eq(category).to_numpy() for d in CATEGORIES for category in set(groups[d])]
    crossed = [a & b for one, other in itertools.combinations(CATEGORIES, 2) for a in sums[one] for b in sums[other]]
    tried = 0
    for wanted in [*singles, *crossed]:
        members = frozenset[str]().union(*groups["member_id"][wanted])
        if 0 < len(members) < 11:
            tried += 1
            assert np.linalg.matrix_rank(np.column_stack([matrix, wanted.astype(float)])) == rank + 1
    assert tried > 50


def test_patterns_in_the_list_of_references_are_shared_by_eleven(page: str, run_folder: Path) -> None:
    rows = re.findall(r'<td class="shared-reference">(\w+)</td>' * 3 + "(?:<td>(.*?)</td><td>(.*?)</td>)?", page)
    with duckdb.connect() as connection:
        path = {"findings": str(run_folder / "findings.parquet"), "lines": str(run_folder / "line_exposure.parquet")}
        findings = connection.execute(
            "select rule, outcome, claim_id, claim_line_number, member_id from read_parquet($findings) semi join "
            "(unpivot (select claim_id, claim_line_number, overpaid_rule, review_rule from read_parquet($lines)) on "
            "overpaid_rule, review_rule into name kind value rule) using (claim_id, claim_line_number, rule)",
            path,
        ).fetchall()
    names = Pseudonyms(KEY)
    assert {row[0] for row in rows} == {names.finding(rule, claim, line) for rule, _, claim, line, _ in findings}
    assert {row[1] for row in rows} == {names.claim(row[2]) for row in findings}
    assert {row[2] for row in rows} == {names.member(row[4]) for row in findings}
    by_member = pd.DataFrame(rows, columns=["finding", "claim", "member", "rule", "outcome"]).groupby("member")
    patterns = by_member.apply(lambda own: frozenset(zip(own["rule"], own["outcome"], strict=True)))
    counts = patterns.value_counts()
    assert counts.min() >= 11


# --------------------------------------------------------------------------------------------- Keys and the command


def test_with_a_key_a_report_is_the_same_every_time_and_without_one_it_is_not(
    run_folder: Path, key_file: Path, tmp_path: Path, page: str
) -> None:
    (same,) = share_reports(run_folder, tmp_path / "a")
    assert same.read_text("utf-8") == page
    other = tmp_path / "other"
    other.write_bytes(KEY[::-1])
    other.chmod(0o600)
    (changed,) = share_reports(run_folder, tmp_path / "b", other)
    assert changed.read_text("utf-8") != page
    assert KEY.decode() not in (run_folder / "manifest.json").read_text("utf-8") + page


KEYS = {"missing": (None, 0o600, "missing"), "short": (b"secret", 0o600, "6 bytes"), "open": (KEY, 0o644, "chmod 600")}


@pytest.mark.parametrize("name", KEYS)
def test_a_key_that_cannot_be_used(tmp_path: Path, name: str) -> None:
    content, mode, words = KEYS[name]
    path = tmp_path / "key"
    if content:
        path.write_bytes(content)
        path.chmod(mode)
    with pytest.raises(AuditError, match=words) as caught:
        read_key(path)
    assert caught.value.exit_code == 2
    options = RunOptions("none.csv", tmp_path / "runs", settings=Settings(pseudonym_key_file=path))
    with pytest.raises(AuditError, match=words):  # before any claim is looked for
        run_audit(options, Progress(is_quiet=True))


def test_the_command_writes_beside_a_finished_run_and_never_into_it(
    run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.stat().st_mtime_ns for path in run_folder.rglob("*")}
    assert main(["share", str(run_folder), "--out", str(tmp_path / "out")]) == 0
    assert str(tmp_path / "out" / SHARED_REPORT) in capsys.readouterr().out
    assert main(["share", str(run_folder), "--out", str(tmp_path / "out")]) == 2
    assert main(["share", str(run_folder), "--out", str(run_folder / "more")]) == 2
    assert main(["share", str(tmp_path), "--out", str(tmp_path / "x")]) == 2
    assert main(["share", str(run_folder), "--out", "/dev/null/x"]) == 14
    assert {path: path.stat().st_mtime_ns for path in run_folder.rglob("*")} == before


def test_few_members_are_withheld_altogether(tmp_path: Path) -> None:
    header = "claim_id,claim_line_number,member_id,claim_line_start_date,hcpcs_code,service_unit_quantity,paid_amount"
    lines = [f"C{n},{line},M{n},2025-08-0{n + 1},{code},1,{100 + n}.00,1,12" for n in range(3)
             for line, code in enumerate(("S9365", "A4222"), 1)]  # fmt: skip
    claims = tmp_path / "claims.csv"
    claims.write_text("\n".join([f"{header},billing_tin,place_of_service_code", *lines]) + "\n", "utf-8")
    options = RunOptions(
        str(claims), tmp_path, run_id="r", with_reports=False, with_quality=False, with_shared_reports=True
    )
    run = run_audit(options, Progress(is_quiet=True)).path
    text = unescape((run / "shared_reports" / SHARED_REPORT).read_text("utf-8"))
    assert "Potential overpayment: withheld (fewer than 11 members)" in text
    # A figure is a word of its own: the random pseudonyms are hexadecimal and may hold any three digits.
    assert not re.search(r"\b(100\.00|303)\b", text) and "By rule" not in text
    assert "In the file" not in text


def test_delivery_is_in_the_shared_form_unless_the_plan_says_otherwise(tmp_path: Path) -> None:
    run = build_run(tmp_path / "runs" / "weekly-2026-03-16")
    (run / "reports").mkdir()
    (run / "reports" / "03_overpayment_exposure.html").write_text("names members", "utf-8")
    before = {path: path.stat().st_mtime_ns for path in run.rglob("*")}
    target = deliver(run, Deliver(folder=tmp_path / "out"))
    assert [path.name for path in target.iterdir()] == [SHARED_REPORT]
    assert stat.S_IMODE((target / SHARED_REPORT).stat().st_mode) == 0o640
    assert {path: path.stat().st_mtime_ns for path in run.rglob("*")} == before
