"""Files far from the audited period: read only for what bears on it, with the findings of a whole reading."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

from audit_lib.audit import RunOptions, RunResult, run_audit
from audit_lib.errors import AuditError
from audit_lib.progress import Progress
from audit_lib.resources import folder
from audit_lib.settings import Settings
from tests.reach_cases import DECISIVE, FAR, NEAR, OF_THE_FILE, PER_DIEM, Line

SAMPLE = folder("data") / "sample" / "claims.csv"
RESULTS = (
    "findings", "line_exposure", "line_outcomes", "rule_outcomes", "recovery", "pump_days", "therapy_mix",
    "provider_volumes", "per_diems_outside_period", "reversed_findings", "replaced_claims", "settled_lines",
    "lone_reversals", "partial_takebacks", "therapy_episodes", "tpn_product_mix",
)  # fmt: skip


def audit(claims: Path, out: Path, **options: Any) -> RunResult:
    chosen = {"with_reports": False, "with_quality": False, "as_of": date(2026, 6, 30), **options}
    return run_audit(RunOptions(str(claims), out, run_id="r", **chosen), Progress(is_quiet=True))


def split(rows: Iterable[Line], place: Path, name_of: Callable[[Line], str], ending: str = "csv") -> Path:
    """Write rows into one file per name."""
    parts: dict[str, list[Line]] = defaultdict(list)
    for row in rows:
        parts[name_of(row)].append(row)
    place.mkdir()
    for name, part in parts.items():
        path = place / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(part[0]))
            writer.writeheader()
            writer.writerows(part)
        if ending == "parquet":
            target = str(path.with_suffix(".parquet"))
            duckdb.connect().read_csv(str(path), all_varchar=True).write_parquet(target)
            path.unlink()
    return place


def sample_rows() -> list[Line]:
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def results(run: RunResult) -> dict[str, list[Any]]:
    with duckdb.connect() as connection:
        return {name: connection.read_parquet(str(run.path / f"{name}.parquet")).fetchall() for name in RESULTS}


def service_month(row: Line) -> str:
    return f"month={row['claim_line_start_date'][:7]}/claims"


def paid_month(row: Line) -> str:
    return (row["paid_date"] or "none")[:7]


PERIODS = {
    "a month": {"period_from": date(2025, 9, 1), "period_to": date(2025, 9, 30)},
    "the last days": {"period_from": date(2026, 2, 1)},
    "the first days": {"period_to": date(2025, 2, 28)},
    "a month of payment": {"period_from": date(2025, 11, 1), "period_to": date(2025, 11, 30), "period_by": "paid"},
}


@pytest.fixture(scope="module")
def whole_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], RunResult]:
    """Audit the sample as one file for a period, once."""
    return cache(lambda name: audit(SAMPLE, tmp_path_factory.mktemp("whole"), **PERIODS[name]))


@pytest.mark.parametrize(
    ("name", "name_of", "ending"),
    [*((name, service_month, "parquet") for name in PERIODS), ("a month", paid_month, "csv"),
     ("a month of payment", paid_month, "csv")],
)  # fmt: skip
def test_one_file_and_many_give_the_same_findings(
    tmp_path: Path, whole_of: Callable[[str], RunResult], name: str, name_of: Callable[[Line], str], ending: str
) -> None:
    rows, whole, period = sample_rows(), whole_of(name), PERIODS[name]
    parts = audit(split(rows, tmp_path / "claims", name_of, ending), tmp_path / "parts", **period)
    assert results(parts) == results(whole)
    assert whole.manifest["rows"]["left_out"] == 0
    counted = parts.manifest["rows"]
    assert counted["read"] + counted["rejected"] + counted["left_out"] == counted["source"] == len(rows)
    assert sum(part["left_out_count"] for part in parts.manifest["inputs"]) == counted["left_out"]
    if name_of is service_month:
        assert counted["left_out"] > len(rows) / 10


UNRELATED = FAR | {"hcpcs_code": "99213", "claim_id": "U", "member_id": "u"}
# Where what is found of a case must differ without its far rows; its claims begin with its number.
TOLD = ("findings", "line_exposure", "line_outcomes", "pump_days")
Told = dict[str, dict[str, list[Any]]]


def _own(row: Line, number: int) -> Line:
    """Return a row of a case: claims, members and providers of its own."""
    own = {name: f"{number:02}{row[name]}" for name in ("claim_id", "member_id", "original_claim_id") if row[name]}
    return row | own | {"billing_tin": f"{number:02}{row['billing_tin'][2:]}"}


def _told_by_case(run: RunResult) -> Told:
    """Return what a run says of the claims of each case."""
    with duckdb.connect() as connection:
        tables = {name: connection.read_parquet(str(run.path / f"{name}.parquet")) for name in TOLD}
        return {
            name: {
                table: rows.filter(f"starts_with(claim_id, '{number:02}')").fetchall() for table, rows in tables.items()
            }
            for number, name in enumerate(DECISIVE)
        }


@pytest.fixture(scope="module")
def readings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, RunResult]:
    """Audit all cases: in one file, in two files each, and without what is far."""
    place = tmp_path_factory.mktemp("decisive")
    rows: dict[str, list[tuple[str, Line]]] = {"whole": [], "parts": [], "alone": []}
    for number, (near, far) in enumerate(DECISIVE.values()):
        days = {name: far[0][name] for name in ("claim_line_start_date", "claim_line_end_date")}
        parts = {"near": near, "far": [*far, UNRELATED | days]}
        named = [(f"{number:02}{name}", _own(row, number)) for name, part in parts.items() for row in part]
        rows["whole"] += [("all", row) for _, row in named]
        rows["parts"] += named
        rows["alone"] += named[: len(near)]
    return {name: _read(place / name, named) for name, named in rows.items()}


def _read(place: Path, named: list[tuple[str, Line]]) -> RunResult:
    """Audit rows in the files that they are named for."""
    files = {id(row): file for file, row in named}
    claims = split((row for _, row in named), place, lambda row: files[id(row)])
    return audit(claims, place.with_name(f"{place.name} out"), **PERIODS["a month"], is_assumed_in_force=True)


@pytest.fixture(scope="module")
def told(readings: dict[str, RunResult]) -> dict[str, Told]:
    return {name: _told_by_case(run) for name, run in readings.items()}


@pytest.mark.parametrize("name", DECISIVE)
def test_what_bears_on_the_period_is_read_however_far(told: dict[str, Told], name: str) -> None:
    assert told["parts"][name] == told["whole"][name]
    assert told["alone"][name] != told["whole"][name]


def test_of_what_is_far_all_else_is_left_out(readings: dict[str, RunResult]) -> None:
    assert results(readings["parts"]) == results(readings["whole"])
    assert readings["parts"].manifest["rows"]["left_out"] == len(DECISIVE)


@pytest.mark.parametrize("name", OF_THE_FILE)
def test_what_is_asked_of_the_whole_file_is_told_of_many(tmp_path: Path, name: str) -> None:
    near, far, table = OF_THE_FILE[name]
    runs = {
        "whole": _read(tmp_path / "whole", [("all", row) for row in [*near, *far]]),
        "parts": _read(tmp_path / "parts", [*(("near", row) for row in near), *(("far", row) for row in far)]),
        "alone": _read(tmp_path / "alone", [("near", row) for row in near]),
    }
    assert results(runs["parts"]) == results(runs["whole"])
    told = {name: duckdb.read_parquet(str(run.path / f"{table}.parquet")).fetchall() for name, run in runs.items()}
    assert told["parts"] == told["whole"] != told["alone"]


def test_one_line_with_a_modifier_shows_that_lines_have_them(tmp_path: Path) -> None:
    near = [NEAR, NEAR | PER_DIEM | {"claim_id": "P"}]
    named = [*(("near", row) for row in near), ("far", FAR | {"hcpcs_code": "99213", "hcpcs_modifier_1": "25"})]
    assumed = {row["column"] for row in _read(tmp_path / "parts", named).manifest["assumptions"]}
    assert "funding" in assumed and "hcpcs_modifier_1" not in assumed


@pytest.mark.parametrize("period", [{}, PERIODS["a month"]])
def test_a_far_file_of_which_no_row_can_be_read_stops_the_run(tmp_path: Path, period: dict[str, Any]) -> None:
    near = [NEAR, NEAR | PER_DIEM | {"claim_id": "P"}]
    far = [FAR | {"claim_id": name, "paid_amount": "1.000,00", "hcpcs_code": "99213"} for name in "ABC"]
    far[0] |= {"claim_frequency_code": "8", "original_claim_id": "N"}
    claims = split([*near, *far], tmp_path / "claims", lambda row: "far" if row in far else "near")
    with pytest.raises(AuditError) as stopped:
        audit(claims, tmp_path / "out", **period)
    assert stopped.value.exit_code == 11


def test_without_a_margin_every_file_is_read_whole(tmp_path: Path) -> None:
    claims = split(sample_rows(), tmp_path / "claims", service_month)
    settings = Settings(evidence_margin_days=None)
    assert audit(claims, tmp_path, **PERIODS["a month"], settings=settings).manifest["rows"]["left_out"] == 0


def test_a_period_without_lines_reads_every_file(tmp_path: Path) -> None:
    claims = split(sample_rows(), tmp_path / "claims", service_month)
    run = audit(claims, tmp_path, period_from=date(2030, 1, 1))
    assert run.manifest["rows"]["left_out"] == 0


def test_rows_keep_their_places_and_partitions_their_columns(tmp_path: Path) -> None:
    """The month of a partition fills the plan, whatever folder the run is written to.

    Each line read in part still names the row of its own file.
    """
    rows = sample_rows()
    claims = split(rows, tmp_path / "claims", service_month, "parquet")
    layout = tmp_path / "layout.yml"
    layout.write_text("based_on: canonical\ncolumns: {plan: month}\n", "utf-8")
    run = audit(claims, tmp_path / "day=7", layout=str(layout), **PERIODS["a month"])
    with duckdb.connect() as connection:
        staged = connection.read_parquet(str(run.path / "claim_lines.parquet"))
        found = staged.project("plan, source_file, source_row, claim_id").fetchall()
        for plan, source_file, source_row, claim_id in found:
            there = connection.read_parquet(str(claims / source_file)).project("claim_id").fetchall()
            assert (there[source_row - 1][0], f"month={plan}") == (claim_id, source_file.split("/")[0])
    assert {plan for plan, *_ in found} > {"2025-09"}
