"""What keeps two files from being compared is no difference between them, and what is damaged is no lack of memory."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from audit_lib.cli import main
from audit_lib.errors import AuditError
from audit_lib.reproduction import verify
from audit_lib.reproduction.records import Difference
from audit_lib.settings import Settings

ROWS = "select i as line_number, hash(i)::varchar || hash(i + 1)::varchar as words from range(300000) t(i)"
FINDINGS = """
    select
        i::varchar as finding_id, 'a_rule' as rule, 1.00 as amount, 'overpaid' as outcome, 1.00 as paid_amount,
        'a reason' as reason, '741' as provider_id, 'C' as related_claim_id, 1 as related_claim_line_number,
        'overpaid' as decided_outcome, 1.00 as decided_amount, '' as changed_by, '' as policy_text, 1 as rule_version
    from range(300000) t(i)
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two folders with the same findings and the same lines, more of them than little memory can compare."""
    place = tmp_path_factory.mktemp("same")
    for name in ("run", "again"):
        (place / name).mkdir()
        duckdb.sql(ROWS).write_parquet(str(place / name / "claim_lines.parquet"))
        duckdb.sql(FINDINGS).write_parquet(str(place / name / "findings.parquet"))
    return place


def compared(place: Path, spill: Path, memory: str) -> list[Difference]:
    settings = Settings(memory_limit=memory)
    return list(verify._different_tables(place / "run", place / "again", set(), settings, spill))


def test_the_same_files_are_the_same(kept: Path, tmp_path: Path) -> None:
    assert compared(kept, tmp_path, "2GB") == []


@pytest.mark.parametrize("left", ["findings", "claim_lines"])
def test_without_memory_for_it_nothing_is_said_of_a_table(kept: Path, tmp_path: Path, left: str) -> None:
    place = tmp_path / "place"
    for name in ("run", "again"):
        (place / name).mkdir(parents=True)
        (place / name / f"{left}.parquet").symlink_to(kept / name / f"{left}.parquet")
        if left != "findings":
            duckdb.sql(f"{FINDINGS} limit 1").write_parquet(str(place / name / "findings.parquet"))
    with pytest.raises(AuditError, match=f"{left} .*more memory .*not known.* --memory-limit") as caught:
        compared(place, tmp_path / "spill", "20MB")
    assert caught.value.exit_code == 13


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (duckdb.OutOfMemoryException("Out of Memory Error: could not allocate"), 13),
        (duckdb.IOException('IO Error: Could not write file "x": No space left on device'), 14),
    ],
)
def test_what_the_machine_lacks_is_no_damage(error: duckdb.Error, code: int) -> None:
    with pytest.raises(AuditError, match="not known") as caught:
        verify._refuse_unless_damaged("claim_lines", error)
    assert caught.value.exit_code == code
    with pytest.raises(KeyboardInterrupt):
        verify._refuse_unless_damaged("claim_lines", duckdb.InterruptException("Interrupted!"))


@pytest.mark.parametrize("name", ["findings", "claim_lines"])
def test_a_file_damaged_in_its_middle_cannot_be_read(kept: Path, tmp_path: Path, name: str) -> None:
    """Its end, which says what columns there are, is whole: that it is damaged shows when rows are read."""
    place = tmp_path / "place"
    for folder in ("run", "again"):
        (place / folder).mkdir(parents=True)
        for path in (kept / folder).iterdir():
            (place / folder / path.name).write_bytes(path.read_bytes())
    path = place / "run" / f"{name}.parquet"
    body = path.read_bytes()
    path.write_bytes(body[:4] + b"\xff" * (len(body) // 2) + body[len(body) // 2 + 4 :])
    found = compared(place, tmp_path / "spill", "2GB")
    assert {difference.text for difference in found} == (
        {"cannot be read", "cannot be read as the findings of a run"} if name == "findings" else {"cannot be read"}
    )


def test_findings_without_a_column_cannot_be_read_as_such(kept: Path, tmp_path: Path) -> None:
    place = tmp_path / "place"
    for folder, columns in (("run", "* exclude (decided_amount)"), ("again", "*")):
        (place / folder).mkdir(parents=True)
        of_run = f"select {columns} from read_parquet('{kept / folder / 'findings.parquet'}')"
        duckdb.sql(of_run).write_parquet(str(place / folder / "findings.parquet"))
    assert [difference.text for difference in compared(place, tmp_path / "spill", "2GB")] == [
        "cannot be read as the findings of a run",
        "has other columns than the repetition gives",
    ]


def test_a_run_made_with_too_little_memory_is_verified_with_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """How much memory a run had changes nothing that it found."""
    (tmp_path / "claims.csv").write_text(
        "claim_id,claim_line_number,member_id,claim_line_start_date,hcpcs_code,service_unit_quantity,paid_amount,"
        "billing_tin\nA,1,M,2025-08-01,S9500,1,90.00,741\nA,2,M,2025-08-01,A4222,1,40.00,741\n",
        "utf-8",
    )
    words = ["--claims", str(tmp_path / "claims.csv")]
    made = [*words, "--out", str(tmp_path), "--run-id", "r", "--no-reports", "--no-quality", "--no-ledger"]
    assert main(["run", *made]) == 0
    run = tmp_path / "r"
    manifest = (run / "manifest.json").read_text("utf-8")
    assert '"memory_limit": "4GB"' in manifest
    (run / "manifest.json").write_text(manifest.replace('"memory_limit": "4GB"', '"memory_limit": "10MB"'), "utf-8")
    assert main(["verify", str(run), *words]) == 13
    assert "--memory-limit" in capsys.readouterr().err
    assert main(["verify", str(run), *words, "--memory-limit", "1GB"]) == 0
    with pytest.raises(SystemExit, match="2"):
        main(["verify", str(run), *words, "--memory-limit", "much"])
    assert "--memory-limit: must look like 4GB" in capsys.readouterr().err
