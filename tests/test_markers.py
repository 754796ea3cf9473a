"""Values planted in every column of claims come out in tables and reports of the run alone, whatever happens to it."""

from __future__ import annotations

import csv
import stat
from pathlib import Path

import nbformat
import pytest

from audit_lib.audit import RunOptions, run_audit
from audit_lib.claims.layouts import contract_columns
from audit_lib.cli import main
from audit_lib.errors import AuditError
from audit_lib.progress import Progress
from tests.own_rules import RULE_SQL, write_local

Row = dict[str, str]
NAMES = [column.name for column in contract_columns()]
MARK = "ZQMARK"
# Marked days lie between those of other lines: the first and the last day of all lines are told (SECURITY.md).
# What a line of each kind may hold; closed lists (claim types, places, statuses) have no value of their own.
VALID = {
    "identifier": MARK + "{}", "member": MARK + "{}", "text": MARK + "{}", "code": MARK + "{}",
    "word": MARK + "{}", "diagnosis": MARK + "{}",
    "money": "735{}.37", "units": "735{}.125", "date": "2025-03-{}", "tin": "9735199{}", "npi": "19735199{}",
    "ndc": "9735199{}01", "modifier": MARK + "{}M",
}  # fmt: skip
EXEMPT = {".parquet", ".duckdb"}


def _valid(name: str, kind: str) -> str | None:
    number = 10 + NAMES.index(name) % 19 if kind == "date" else 10 + NAMES.index(name)
    return VALID[kind].format(number) if kind in VALID else None


MARKED: Row = {c.name: value for c in contract_columns() if (value := _valid(c.name, c.kind))}
MARKED |= {"claim_line_number": "735191", "claim_line_end_date": MARKED["claim_line_start_date"]}
MARKED |= {"original_claim_id": "", "hcpcs_modifier_1": "", "line_of_business": "commercial"}
MARKERS = {value for value in MARKED.values() if value} - {"commercial"} | {MARK}


def _plain(number: int) -> Row:
    return {
        "claim_id": f"P{number}", "claim_line_number": "1", "member_id": f"M{number}", "hcpcs_code": "S9500",
        "claim_line_start_date": f"2025-{1 + number % 6:02}-05", "service_unit_quantity": "1",
        "billing_tin": "123456789", "paid_amount": f"{100 + number}.00", "allowed_amount": f"{100 + number}.00",
    }  # fmt: skip


def _rows() -> list[Row]:
    """Plain rows; a per diem and two supplies of it with marks in every column; rows with a mark each."""
    codes = ["S9500", "A4222", "A4222", MARKED["hcpcs_code"]]
    paid = ["99.10", MARKED["paid_amount"], "612.80", "18.20"]
    one = {**MARKED, "service_unit_quantity": "1"}
    marked = [
        {**one, "claim_line_number": f"73519{n + 2}", "hcpcs_code": codes[n], "paid_amount": paid[n]} for n in range(4)
    ]
    single = [{**_plain(200 + n), name: MARK + name.upper()} for n, name in enumerate(NAMES)]
    return [*map(_plain, range(1, 90)), *marked, MARKED, *single]


def _write(path: Path, rows: list[Row]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, NAMES, restval="")
        writer.writeheader()
        writer.writerows(rows)
        file.write(f'{MARK}TOO,FEW\n"{MARK}"{MARK}BEHIND\n')
    return path


@pytest.fixture(scope="module")
def claims(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _write(tmp_path_factory.mktemp("claims") / "claims.csv", _rows())


@pytest.fixture(scope="module")
def finished(claims: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with findings, rejected rows and the quality gate, recorded in a ledger."""
    out = tmp_path_factory.mktemp("runs")
    words = ["run", "--claims", claims, "--out", out, "--run-id", "r", "--as-of", "2025-12-01", "--no-reports"]
    assert main(list(map(str, words))) == 0
    return out / "r"


def _spoken(text: str) -> list[str]:
    """Return the marks in a text, in whatever case and with or without thousands and hyphens."""
    plain = text.upper().replace(",", "")
    return sorted(mark for mark in MARKERS if mark in plain or mark.replace("-", "") in plain.replace("-", ""))


def _exits(words: list[str | Path], capfd: pytest.CaptureFixture[str]) -> int:
    """Run the command and return its exit code; nothing that it printed holds a mark."""
    code = main(list(map(str, words)))
    said = capfd.readouterr()
    assert said.out + said.err
    assert _spoken(said.out + said.err) == []
    return code


def test_marks_were_audited_and_rejected(finished: Path) -> None:
    """The other tests could not fail if no mark had come through."""
    import duckdb

    counts = {name: duckdb.read_parquet(str(finished / f"{name}.parquet")) for name in ("findings", "rejected_rows")}
    assert counts["findings"].filter(f"member_id = '{MARKED['member_id']}'").count("*").fetchall()[0][0] > 1
    assert counts["rejected_rows"].filter(f"contains(source_text, '{MARK}')").count("*").fetchall()[0][0] > 5


def test_what_a_run_writes_beside_its_tables_holds_no_mark(finished: Path) -> None:
    written = [path for path in finished.parent.rglob("*") if path.is_file() and path.suffix not in EXEMPT]
    assert {"manifest.json", "quality.json"} <= {path.name for path in written}
    assert {path.name: found for path in written if (found := _spoken(path.read_text("utf-8")))} == {}


def test_everything_written_is_its_owners(finished: Path) -> None:
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in [finished, *finished.parent.rglob("*")]}
    assert {path.name: oct(mode) for path, mode in modes.items() if mode != (0o700 if path.is_dir() else 0o600)} == {}


def test_verify_says_no_mark(finished: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    changed = _write(tmp_path / "claims.csv", _rows()[:-9])
    assert _exits(["verify", finished, "--claims", changed], capfd) == 16


def test_the_gate_that_stops_a_run_says_no_mark(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    spoilt = _write(tmp_path / "claims.csv", [{**row, "paid_amount": MARK} for row in _rows()[:80]] + _rows()[80:])
    assert _exits(["run", "--claims", spoilt, "--out", tmp_path / "runs", "--no-reports"], capfd) == 12
    assert _exits(["check", spoilt, "--all"], capfd) == 12


def test_a_failing_rule_says_no_mark(claims: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    sql = RULE_SQL.replace("claim_lines.paid_amount else", "cast(claim_lines.member_id as decimal(18, 2)) else")
    local = write_local(
        tmp_path,
        **{
            "rules/bundled/handling_with_per_diem.sql": sql,
            "code_sets/handling_codes.csv": "code,label,valid_from,valid_to,source\nA4222,handling,,,plan\n",
        },
    )
    (tmp_path / "settings.yml").write_text(f"local: {local}\n", "utf-8")
    words = ["run", "--claims", claims, "--out", tmp_path / "runs", "--config", tmp_path / "settings.yml"]
    assert _exits([*words, "--no-reports", "--no-quality"], capfd) == 13
    assert not [path for path in (tmp_path / "runs").glob("*") if path.is_dir()]


@pytest.mark.notebook
def test_a_failing_notebook_says_no_mark(
    claims: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    notebook = nbformat.v4.new_notebook()
    parameters = nbformat.v4.new_code_cell('# Parameters\nrun: str = ""', metadata={"tags": ["parameters"]})
    shows = "from audit_lib.run import Run\nrows = Run.open(run).sql('select * from findings')\nprint(rows.to_string())"
    fails = nbformat.v4.new_code_cell(f"{shows}\nraise ValueError(rows.to_string())")
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.cells = [parameters, fails]
    (tmp_path / "notebooks").mkdir()
    nbformat.write(notebook, tmp_path / "notebooks" / "marked.ipynb")
    monkeypatch.setattr("audit_lib.reports.parameters.folder", tmp_path.joinpath)
    options = RunOptions(
        str(claims), tmp_path / "runs", run_id="r", notebooks=("marked",), with_quality=False,
        rules=["supply_with_per_diem"],
    )  # fmt: skip
    with pytest.raises(AuditError, match=r"cell \d+ failed with ValueError\. Look whether") as caught:
        run_audit(options, Progress())
    said = capfd.readouterr()
    assert caught.value.exit_code == 14
    assert _spoken(said.out + said.err + caught.value.message) == []
    assert not (tmp_path / "runs" / "r").exists()
