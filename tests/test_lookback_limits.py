"""The plan's lookback limits and overrides: how people write them, and what two runs say of what they did."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import duckdb
import pytest

from audit_lib.audit import RunOptions, run_audit
from audit_lib.commands.run import summary
from audit_lib.errors import AuditError
from audit_lib.handout.export import sender_cautions
from audit_lib.lookback_limits import LookbackLimit, read_lookback_limits
from audit_lib.progress import Progress
from audit_lib.reports.cautions import cautions
from audit_lib.rules import load_rules
from audit_lib.run import Run
from audit_lib.settings import Settings
from audit_lib.settings_rows import read_table
from audit_lib.settings_tables import check_settings
from audit_lib.words import unused_overrides
from tests.hand_made import drawn, exposure

SAMPLE = Path(__file__).parent.parent / "data" / "sample" / "claims.csv"
HEADER = "line_of_business,state,months,counted_from,exempt_rules,citation"
GOOD_ROW = "Commercial PPO,nm,18,paid,supply_with_per_diem; tpn_base_product,provider manual 7"


def _table(place: Path, *rows: str) -> Path:
    (place / "lookback.csv").write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
    return place / "lookback.csv"


def test_limits_as_people_write_them(tmp_path: Path) -> None:
    rows = read_lookback_limits(_table(tmp_path, GOOD_ROW, ",,12,service,,law"), [r.name for r in load_rules()])
    assert rows == [
        {"line_of_business": "commercial_ppo", "state": "NM", "months": 18, "counted_from": "paid",
         "exempt_rules": ["supply_with_per_diem", "tpn_base_product"], "citation": "provider manual 7"},
        {"line_of_business": None, "state": None, "months": 12, "counted_from": "service", "exempt_rules": [],
         "citation": "law"},
    ]  # fmt: skip


WRONG = {
    ",,0,paid,,x": "row 1, months should be greater than or equal to 1",
    ",,,paid,,x": "row 1, months is missing",
    ",,1.5,paid,,x": "row 1, months",
    ",,one year,paid,,x": "row 1, months",
    ",,12,billed,,x": "row 1, counted_from should be 'paid' or 'service'",
    ",,12,paid,,": "row 1, citation",
    ",New Mexico,12,paid,,x": "row 1, state must be the two letters of a US state",
    ",XX,12,paid,,x": "row 1, state must be the two letters",
    ",,12,paid,supply_with_per_dime,x": "row 1: there is no rule 'supply_with_per_dime'. Did you mean supply_with_per",
    "Fep,NM,12,paid,,x\nfep,nm,24,paid,,x": "row 2 is for the same line of business and state as row 1",
    ",,12,paid,,x\n,,24,paid,,x": "row 2 is for the same line of business and state as row 1",
}


@pytest.mark.parametrize("rows", WRONG)
def test_a_wrong_limit_is_named_by_its_row(tmp_path: Path, rows: str) -> None:
    with pytest.raises(AuditError) as caught:
        check_settings(Settings(lookback_limits=_table(tmp_path, *rows.splitlines())))
    assert caught.value.exit_code == 2
    assert WRONG[rows] in caught.value.message, caught.value.message


def test_the_example_is_fictional_and_can_be_read() -> None:
    path = Path(__file__).parent.parent / "docs" / "examples" / "lookback_limits.csv"
    rows = read_table(path, LookbackLimit)
    assert rows
    assert all("FICTIONAL" in row.model_dump()["citation"] for row in rows)


def _run(place: Path, name: str, settings: Settings, as_of: date) -> Path:
    options = RunOptions(
        str(SAMPLE), place, settings=settings, run_id=name, as_of=as_of, with_reports=False, with_quality=False
    )
    return run_audit(options, Progress(is_quiet=True)).path


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sample on two days: with limits and overrides, and without."""
    place = tmp_path_factory.mktemp("recovery")
    (place / "overrides.csv").write_text(
        "provider_id,rule,action,note,approved_by\n"
        "00-1000002,supply_with_per_diem,exempt,contract 5,counsel\n"
        "nobody,tpn_base_product,review,contract 6,counsel\n",
        "utf-8",
    )
    settings = Settings(
        lookback_limits=_table(place, "commercial,NM,6,paid,,one", ",,12,service,,two", "fep,,12,paid,,three"),
        overrides=place / "overrides.csv",
    )
    with_overrides = settings.model_copy(update={"lookback_limits": None})
    return _run(place, "with", settings, date(2026, 5, 1)), _run(place, "without", with_overrides, date(2027, 5, 1))


def test_findings_do_not_depend_on_the_day_or_the_limits(runs: tuple[Path, Path]) -> None:
    names = {path.name for path in runs[0].glob("*.parquet")}
    differing = [name for name in sorted(names) if (runs[0] / name).read_bytes() != (runs[1] / name).read_bytes()]
    assert differing == ["recovery.parquet"]


def test_each_finding_has_one_row_and_without_limits_all_are_unknown(runs: tuple[Path, Path]) -> None:
    query = """
        select count(*), count(distinct recovery.finding_id), count(*) filter (where recovery_status = 'unknown')
        from read_parquet($recovery) as recovery semi join read_parquet($findings) as findings using (finding_id)
    """
    for run, is_unknown in zip(runs, (False, True), strict=True):
        paths = {name: str(run / f"{name}.parquet") for name in ("findings", "recovery")}
        ((rows, findings, unknown),) = duckdb.execute(query, paths).fetchall()
        ((expected,),) = duckdb.execute(
            "select count(*) from read_parquet($findings)", {"findings": paths["findings"]}
        ).fetchall()
        assert (rows, findings, unknown) == (expected, expected, expected if is_unknown else 0)


def test_the_manifest_counts_what_each_row_of_the_plans_tables_did(runs: tuple[Path, Path]) -> None:
    manifest = json.loads((runs[0] / "manifest.json").read_text("utf-8"))
    used, unused = manifest["overrides"]
    assert (used["row"], used["action"], used["note"], used["approved_by"]) == (1, "exempt", "contract 5", "counsel")
    assert used["line_count"] > 0
    gate = next(gate for gate in manifest["gates"] if gate["gate"] == "override")
    assert (used["line_count"], used["decided_amount"]) == (gate["line_count"], gate["paid_amount"])
    assert (unused["row"], unused["line_count"], unused["decided_amount"]) == (2, 0, "0.00")
    assert "nobody" not in json.dumps(manifest["overrides"])
    counts = [limit["finding_count"] for limit in manifest["lookback_limits"]]
    (total,) = (
        duckdb.execute("select count(*) from read_parquet($p)", {"p": str(runs[0] / "findings.parquet")}).fetchall()[0]
        or ()
    )
    assert counts[0] > 0 and counts[1] > 0 and counts[2] == 0 and sum(counts) == total
    settings_files = {file["setting"] for file in manifest["settings_files"]}
    assert settings_files == {"overrides", "lookback_limits"}


def test_an_override_that_changed_nothing_is_said_wherever_money_is(runs: tuple[Path, Path]) -> None:
    """An exemption that missed its provider leaves money in a demand that the contract forbids."""
    manifest = json.loads((runs[0] / "manifest.json").read_text("utf-8"))
    said = (
        "1 override of the plan changed nothing: row 2 of its file. "
        "Where it should have, look at its provider, rule, code and days."
    )
    assert said in summary(manifest, runs[0], 0.0).splitlines()
    assert said in cautions(Run.open(runs[0]))
    assert said in sender_cautions(Run.open(runs[0]))


def test_many_overrides_that_changed_nothing_are_counted() -> None:
    entries = [{"row": number, "line_count": number % 2} for number in range(1, 23)]
    assert unused_overrides(entries[:1]) == []
    assert unused_overrides(entries) == [
        "11 overrides of the plan changed nothing: rows 2, 4, 6, 8, 10, 12, 14, 16 and 3 more of their file. "
        "Where they should have, look at their providers, rules, codes and days."
    ]


def test_a_finding_names_the_text_of_the_window_that_decided() -> None:
    lines = "claim_id | claim_line_start_date\nA | 2025-07-17\nB | 2025-07-18"
    answers = "claim_id | amount\nA | 5.00\nB | 5.00"
    assert drawn(exposure(lines, answers), "findings", "claim_id, policy_text") == [
        "A an_earlier_text_of_CPCP019,_not_on_file",
        "B CPCP019_v2.0,_effective_2025-07-18",
    ]
    assumed = exposure(lines, answers, is_assumed_in_force="true")
    assert set(drawn(assumed, "findings", "policy_text")) == {
        "CPCP019_v2.0,_effective_2025-07-18,_assumed_in_force_on_this_date"
    }
