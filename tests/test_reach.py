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
from audit_lib.progress import Progress
from audit_lib.resources import folder
from audit_lib.settings import Settings

SAMPLE = folder("data") / "sample" / "claims.csv"
RESULTS = ("findings", "line_exposure", "line_outcomes", "recovery", "pump_days", "therapy_mix", "provider_volumes")
Line = dict[str, str]


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


NEAR = {
    "claim_id": "N", "claim_line_number": "1", "member_id": "m", "claim_line_start_date": "2025-09-10",
    "claim_line_end_date": "2025-09-10", "hcpcs_code": "A4222", "hcpcs_modifier_1": "", "service_unit_quantity": "1",
    "paid_amount": "100.00", "allowed_amount": "100.00", "place_of_service_code": "12", "billing_tin": "111111111",
    "paid_date": "2025-10-01", "claim_frequency_code": "1", "original_claim_id": "", "diagnosis_code_1": "",
    "drug_name": "", "claim_type": "", "bill_type_code": "", "revenue_center_code": "", "admission_date": "",
    "discharge_date": "",
}  # fmt: skip
FAR = NEAR | {"claim_id": "F", "claim_line_start_date": "2024-11-20", "claim_line_end_date": "2024-11-20"}
PER_DIEM = {"hcpcs_code": "S9500", "paid_amount": "80.00", "allowed_amount": "80.00"}
PUMP = {"hcpcs_code": "S9328"}
STAY = {
    "claim_type": "institutional", "bill_type_code": "0111", "revenue_center_code": "0120", "hcpcs_code": "",
    "place_of_service_code": "",
}  # fmt: skip
# Each far row changes what is found near; a reading that leaves it out accuses or spares wrongly.
DECISIVE = {
    "a per diem makes a supplier": ([NEAR | {"hcpcs_code": "J1438"}], [FAR | PER_DIEM | {"member_id": "other"}]),
    "a bought pump stays bought": (
        [NEAR | {"hcpcs_code": "E0781", "hcpcs_modifier_1": "RR"}, NEAR | PER_DIEM | {"claim_id": "P"}],
        [FAR | {"hcpcs_code": "E0781", "hcpcs_modifier_1": "NU", "billing_tin": "222222222"}],
    ),
    "batteries of a pump": (
        [NEAR | {"hcpcs_code": "S5035"}, NEAR | PER_DIEM | {"claim_id": "P"}],
        [FAR | {"hcpcs_code": "K0601"}],
    ),
    "a replacement": (
        [NEAR, NEAR | PER_DIEM | {"claim_id": "P"}],
        [FAR | {"hcpcs_code": "99213", "claim_frequency_code": "7", "original_claim_id": "N"}],
    ),
    "a void": (
        [NEAR, NEAR | PER_DIEM | {"claim_id": "P"}],
        [FAR | {"hcpcs_code": "99213", "claim_frequency_code": "8", "original_claim_id": "N"}],
    ),
    "a reversal": (
        [NEAR, NEAR | PER_DIEM | {"claim_id": "P"}],
        [FAR | {"claim_id": "N", "paid_amount": "-100.00", "allowed_amount": "-100.00"}],
    ),
    "a claim that goes on": (
        [NEAR | {"hcpcs_code": "B4178", "drug_name": "Clinisol 15%"}, NEAR | {"hcpcs_code": "S9366", "claim_id": "P"}],
        [FAR | {"claim_id": "N", "claim_line_number": "2", "hcpcs_code": "99213", "diagnosis_code_1": "I50.9"}],
    ),
    "a stay of many months": (
        [NEAR | PER_DIEM | {"claim_line_end_date": "2025-09-14", "service_unit_quantity": "5"}],
        [FAR | STAY | {"claim_line_start_date": "2025-05-20", "claim_line_end_date": "2025-05-20",
                       "admission_date": "2025-05-20", "discharge_date": "2025-09-20"}],
    ),
    "a stay that is billed later": (
        [NEAR | PER_DIEM | {"claim_line_end_date": "2025-09-14", "service_unit_quantity": "5"}],
        [FAR | STAY | {"claim_line_start_date": "2026-01-20", "claim_line_end_date": "2026-01-20",
                       "admission_date": "2025-08-10", "discharge_date": "2026-01-20"}],
    ),
    "a stay of many months without a bill type": (
        [
            NEAR | PER_DIEM | {"claim_line_end_date": "2025-09-14", "service_unit_quantity": "5"},
            NEAR | STAY | {"claim_id": "O", "bill_type_code": "0131", "revenue_center_code": "0450"},
        ],
        [FAR | STAY | {"claim_line_start_date": "2025-05-20", "claim_line_end_date": "2025-05-20", "bill_type_code": "",
                       "admission_date": "2025-05-20", "discharge_date": "2025-09-20"}],
    ),
    "a stay without a bill type, told by its admission": (
        [
            NEAR | PER_DIEM | {"claim_line_end_date": "2025-09-14", "service_unit_quantity": "5"},
            NEAR | STAY | {"claim_id": "O", "bill_type_code": "0131", "revenue_center_code": "0450"},
        ],
        [FAR | STAY | {"claim_line_start_date": "2025-05-20", "claim_line_end_date": "2025-05-20", "bill_type_code": "",
                       "revenue_center_code": "0250", "admission_date": "2025-05-20", "discharge_date": "2025-09-20"}],
    ),
    "the first bill of a stay": (
        [
            NEAR | PER_DIEM | {"claim_line_end_date": "2025-09-14", "service_unit_quantity": "5"},
            NEAR | STAY | {"claim_id": "I", "admission_date": "2025-01-05", "discharge_date": "2025-09-30"},
        ],
        [FAR | STAY | {"claim_line_start_date": "2025-01-05", "claim_line_end_date": "2025-01-05", "claim_id": "H",
                       "admission_date": "2025-01-05", "discharge_date": "2025-12-31"}],
    ),
    "a refill within a long run of pump days": (
        [
            NEAR | PUMP | {"claim_line_start_date": "2025-09-01", "claim_line_end_date": "2025-09-30",
                           "service_unit_quantity": "30"},
            FAR | PUMP | {"claim_line_end_date": "2025-08-31", "claim_id": "R"},
        ],
        [
            FAR | {"hcpcs_code": "95990"},
            FAR | {"hcpcs_code": "95990", "claim_id": "G", "claim_line_start_date": "2024-12-20",
                   "claim_line_end_date": "2024-12-20"},
        ],
    ),
}  # fmt: skip
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
