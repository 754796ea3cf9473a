"""The examples for schedulers: each checked as far as it can be without that scheduler."""

from __future__ import annotations

import ast
import configparser
import json
import re
import shlex
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path

import duckdb
import nbformat
import pytest

from audit_lib.audit import run_audit
from audit_lib.cli import parser
from audit_lib.progress import Progress
from audit_lib.run_options import RunOptions
from audit_lib.schedule.making import claims_pattern
from audit_lib.schedule.plan_file import read_plan
from tests.command_line import GOOD, HEADER
from tests.gated_runs import claim, write_claims

ROOT = Path(__file__).parent.parent
PLACE = ROOT / "docs" / "examples" / "schedule"
PROGRAM = "/opt/infusion-audit/bin/infusion-audit"
CRON = re.compile(r"(?:\d{1,2}|\*) (?:\*|\d{1,2}) \* \* \* (/.+)")


def _crontab_command() -> str:
    lines = [line for line in (PLACE / "crontab").read_text("utf-8").splitlines() if not line.startswith("#")]
    found = [match for line in lines if (match := CRON.fullmatch(line))]
    assert len(found) == 1
    assert all("=" in line or CRON.fullmatch(line) for line in lines)
    return found[0][1]


def test_the_example_plan_is_one() -> None:
    plan = read_plan(PLACE / "reports.yml")
    assert {name: report.due.every for name, report in plan.reports.items() if report.due} == {
        "monthly_exposure": "month",
        "weekly_watch": "week",
        "committee": "quarter",
    }


# A and B are served in the month, or quarter, before they are paid; the pump of C is paid a month after the per diem
# that shows it.
PAID = {
    "202607": [*claim("B", claim_line_start_date="2026-06-29", paid_date="2026-07-20"),
               {**claim("C")[0], "claim_line_start_date": "2026-07-28", "paid_date": "2026-07-31"}],
    "202608": [*claim("A", claim_line_start_date="2026-07-30", paid_date="2026-08-01"),
               {**claim("C")[1], "claim_id": "C2", "claim_line_start_date": "2026-07-28", "paid_date": "2026-08-31"}],
    "202609": [*claim("D", claim_line_start_date="2026-08-31", paid_date="2026-09-30")],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "days", "found"),
    [
        ("monthly_exposure", ("2026-08-05", "2026-09-05", "2026-10-05"), ["B", "A C2", "D"]),
        ("committee", ("2026-10-20",), ["A B C2 D"]),
    ],
)
def test_the_reports_of_the_example_plan_lose_no_line_and_see_the_evidence_of_other_months(
    tmp_path: Path, name: str, days: tuple[str, ...], found: list[str]
) -> None:
    """A month of paid dates, out of the files of every month: nothing is lost between two reports, nor said twice."""
    text = (PLACE / "reports.yml").read_text("utf-8").replace(".parquet", ".csv").replace("tuva", "canonical")
    (tmp_path / "reports.yml").write_text(text, "utf-8")
    (tmp_path / "claims").mkdir()
    for month, rows in PAID.items():
        write_claims(tmp_path / "claims" / f"paid_{month}.csv", rows)
    report = read_plan(tmp_path / "reports.yml").reports[name]
    said = []
    for number, day in enumerate(map(date.fromisoformat, days)):
        first, last = report.period.on(day)
        options = RunOptions(
            claims_pattern(report, day), tmp_path, layout=report.layout, period_from=first, period_to=last,
            period_by=report.period_by, run_id=f"r{number}", with_reports=False, with_quality=False,
            rules=["supply_with_per_diem"],
        )  # fmt: skip
        run = run_audit(options, Progress(is_quiet=True)).path
        rows = duckdb.sql(f"select claim_id from read_parquet('{run}/findings.parquet') order by all").fetchall()
        said.append(" ".join(claim_id for (claim_id,) in rows))
    assert said == found


def test_the_line_of_the_crontab_runs(tmp_path: Path) -> None:
    (tmp_path / "reports.yml").write_text("reports: {weekly: {claims: none.csv, due: {every: week}}}", "utf-8")
    program = f"{shlex.quote(sys.executable)} -m audit_lib.cli"
    line = _crontab_command().replace(PROGRAM, program).replace("/srv/audit", shlex.quote(str(tmp_path)))
    done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode in (0, 11), done.stderr
    assert (tmp_path / "runs" / "index.html").is_file()


def test_the_systemd_units_are_whole(tmp_path: Path) -> None:
    names = ["infusion-audit-reports.service", "infusion-audit-reports.timer"]
    units = {}
    for name in names:
        text = (PLACE / name).read_text("utf-8").replace(PROGRAM, "/bin/true")
        (tmp_path / name).write_text(text, "utf-8")
        units[name] = configparser.ConfigParser()
        units[name].optionxform = str  # type: ignore[assignment, method-assign]
        units[name].read_string(text)
    assert units[names[1]]["Timer"]["OnCalendar"] == "*-*-* *:07:00"
    assert units[names[0]]["Service"]["ExecStart"].endswith("report --due --config /srv/audit/reports.yml")
    if shutil.which("systemd-analyze"):
        said = subprocess.run(
            ["systemd-analyze", "verify", *(tmp_path / n for n in names)], capture_output=True, text=True
        )
        assert [line for line in said.stderr.splitlines() if "infusion-audit" in line] == []


def test_the_windows_task_is_xml_and_calls_the_command_in_a_linux() -> None:
    space = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
    task = ET.parse(PLACE / "infusion-audit-reports.xml").getroot()
    assert task.tag == f"{space}Task"
    assert task.findtext(f".//{space}Interval") == "PT1H"
    assert str(task.findtext(f".//{space}Command")).endswith("wsl.exe")  # the package is for Linux
    option, program, *arguments = str(task.findtext(f".//{space}Arguments")).split()
    assert (option, Path(program).name) == ("--exec", "infusion-audit")
    assert parser().parse_args(arguments).due


def test_the_airflow_dag_calls_the_command_and_a_notebook_that_is_there() -> None:
    text = (PLACE / "airflow_dag.py").read_text("utf-8")
    called = [
        node.func.id
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    assert {"DAG", "BashOperator", "PapermillOperator"} <= set(called)
    [notebook] = re.findall(r"\{NOTEBOOKS\}/(\w+\.ipynb)", text)
    assert (ROOT / "notebooks" / notebook).is_file()
    [words] = re.findall(r"\{PROGRAM\} (report .+?)\"", text)
    assert parser().parse_args(words.replace("{AS_OF}", "2026-02-05").split()).name == "monthly_exposure"


@pytest.mark.notebook
def test_the_notebook_of_the_jupyter_scheduler_runs_with_the_parameters_of_its_job(tmp_path: Path) -> None:
    job = json.loads((PLACE / "jupyter_scheduler_job.json").read_text("utf-8"))
    assert job["input_uri"] == "report_due.ipynb" and CRON.fullmatch(f"{job['schedule']} /x")
    nbformat.validate(nbformat.read(PLACE / job["input_uri"], as_version=4))
    (tmp_path / "claims.csv").write_text(f"{HEADER}\n{GOOD}\n", "utf-8")
    due = "due: {every: day, hour: 0}, settled_minutes: 0"
    (tmp_path / "reports.yml").write_text(f"reports: {{daily: {{claims: claims.csv, {due}}}}}", "utf-8")
    words = [
        sys.executable,
        "-m",
        "papermill",
        str(PLACE / job["input_uri"]),
        str(tmp_path / "out.ipynb"),
        "-k",
        "python3",
    ]
    [(parameter, written)] = job["parameters"].items()
    assert ast.literal_eval(written) == "/srv/audit/reports.yml", "jupyter-scheduler pastes the value as Python text"
    words += ["-p", parameter, str(tmp_path / "reports.yml"), "--no-progress-bar"]
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert list((tmp_path / "runs").glob("daily-*/reports/03_overpayment_exposure.html"))
