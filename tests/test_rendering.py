"""Rendering: what is opened and what is refused, one self-contained file, and the notebook that runs again."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

import audit_lib
from audit_lib.errors import AuditError
from audit_lib.reports.render import render_reports
from audit_lib.resources import folder
from audit_lib.run import Run
from tests.fake_run import build_run
from tests.ledger_story import tell_story

NAME = "03_overpayment_exposure"
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_run(tmp_path_factory.mktemp("runs") / "some")


@pytest.fixture(scope="module")
def run(run_folder: Path) -> Run:
    return Run.open(run_folder)


@pytest.fixture(scope="module")
def page(run_folder: Path) -> str:
    (path,) = render_reports(run_folder, [NAME])
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def decided_page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of a run of which reviewers decided findings."""
    story = tell_story(tmp_path_factory.mktemp("story"))
    (path,) = render_reports(story / "runs" / "three", [NAME])
    return path.read_text(encoding="utf-8")


def shares_of(page: str) -> list[tuple[str, str]]:
    """Return what stands before and after each percentage that a page shows, outside its tables."""
    shown = re.sub(r"<[^>]+>", "", re.sub(r"<(script|style|table)\b.*?</\1>", "", page, flags=re.DOTALL))
    found = re.finditer(r"\d+\.\d %", shown)
    return [(shown[max(one.start() - 120, 0) : one.start()], shown[one.end() : one.end() + 80]) for one in found]


def is_explained(before: str, after: str) -> bool:
    """Tell whether a percentage has its numerator and denominator: `5 % of … (1 of 20)`, or `Of 20 lines 1 (5 %)`."""
    follows = re.match(r" of [^.(]*\(\$?[\d,]+(\.\d\d)? of \$?[\d,]+", after)
    return bool(follows or re.search(r"\bOf [\d,]+ .*\b[\d,]+ \($", before))


def share_columns(page: str) -> list[tuple[str, list[str]]]:
    """Return the title of each column of a page's tables that holds percentages, and the titles beside it."""
    found = []
    for table in re.findall(r"<table\b.*?</table>", page, flags=re.DOTALL):
        titles = re.findall(r"<th\b[^>]*>(.*?)</th>", table)
        rows = [re.findall(r"<td\b[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)]
        places = {place for row in rows for place, cell in enumerate(row) if re.search(r"\d %", cell)}
        found += [(titles[place], titles) for place in sorted(places)]
    return found


def is_explained_column(title: str, beside: list[str]) -> bool:
    """Tell whether a column of percentages says of what: `Precision: upheld of decided`, both columns beside it.

    An interval is that of an explained column before it.
    """
    if re.fullmatch(r"95 % interval: (from|to)", title):
        before = beside[: beside.index(title)]
        return any(is_explained_column(name, before) for name in before if "interval" not in name)
    numbers = re.fullmatch(r".*: (\w+) of (\w+)", title)
    return bool(numbers and {*numbers.groups()} <= {name.lower() for name in beside})


@pytest.mark.parametrize(
    ("title", "beside", "is_right"),
    [
        ("Precision: upheld of decided", ["Decided", "Upheld"], True),
        ("Precision: upheld of decided", ["Decided"], False),
        ("95 % interval: from", ["Decided", "Upheld", "Precision: upheld of decided"], True),
        ("95 % interval: from", ["Decided", "Upheld", "Precision"], False),
        ("Precision", ["Decided", "Upheld"], False),
        ("from", ["Decided", "Upheld"], False),
    ],
)
def test_a_column_of_percentages_needs_both_numbers(title: str, beside: list[str], is_right: bool) -> None:
    cells = "".join(f"<th>{name}</th>" for name in [*beside, title])
    page = f"<table><tr>{cells}</tr><tr>{'<td>1</td>' * len(beside)}<td>50.0 %</td></tr></table>"
    (column,) = share_columns(page)
    assert shares_of(page) == [] and is_explained_column(*column) is is_right


@pytest.mark.parametrize(
    ("text", "is_right"),
    [
        ("A leads with 7.1 % of potential overpayment ($4,506.55 of $63,790.54)", True),
        ("Of 4,939 decisions 395 (8.0 %) could not be made", True),
        ("The profile shows a share of 7.1 % of overpayment", False),
        ("Profile: 7.1 % proof of nothing", False),
    ],
)
def test_a_percentage_needs_both_numbers(text: str, is_right: bool) -> None:
    (share,) = shares_of(f"<style>a {{width: 5.0 %}}</style><p>{text}</p><script>9.9 %</script>")
    assert is_explained(*share) is is_right


def test_the_newest_finished_run_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_run(tmp_path / "runs" / "a", run_id="newest", created_at="2026-03-01T00:00:00Z")
    build_run(tmp_path / "runs" / "b", run_id="older", created_at="2026-02-01T00:00:00Z")
    build_run(tmp_path / "runs" / ".partial-c", run_id="unfinished", created_at="2026-04-01T00:00:00Z")
    (tmp_path / "notebooks").mkdir()
    for place in (tmp_path, tmp_path / "notebooks"):
        monkeypatch.chdir(place)
        assert Run.open().manifest["run_id"] == "newest"


def test_what_is_no_run_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AuditError, match="No finished run") as error:
        Run.open()
    assert error.value.exit_code == 2
    with pytest.raises(AuditError, match=r"manifest\.json, findings\.parquet"):
        Run.open(tmp_path)


@pytest.mark.parametrize(
    "query",
    [
        "copy findings to 'elsewhere.csv'",
        "create table mine as select 1",
        "select 1; drop view findings",
        "set enable_external_access = true",
    ],
)
def test_a_run_is_read_only(run: Run, query: str) -> None:
    with pytest.raises(AuditError, match="exactly one select"):
        run.sql(query)


def test_a_run_reads_nothing_but_itself(run: Run, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a\n1\n")
    with pytest.raises(duckdb.Error, match="disabled"):
        run.sql(f"select * from read_csv('{tmp_path / 'other.csv'}')")


def test_names_that_do_not_exist_are_refused_with_the_nearest(run_folder: Path) -> None:
    with pytest.raises(AuditError, match=f"Did you mean {NAME}") as error:
        render_reports(run_folder, ["03_overpayment_exposur"])
    assert error.value.exit_code == 2
    with pytest.raises(AuditError, match="no notebook asked for has a parameter 'runs'"):
        render_reports(run_folder, [NAME], {"runs": "x"})


def test_what_notebooks_spill_lies_beside_their_reports_and_goes(
    run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kernel that is stopped takes nothing away itself."""
    seen = []

    def stopped(command: list[str], env: dict[str, str], **_: object) -> subprocess.CompletedProcess[bytes]:
        spill = Path(env["TMPDIR"])
        seen.append((spill.parent, spill.stat().st_mode & 0o777))
        (spill / "left").write_bytes(b"C00000492")
        return subprocess.CompletedProcess(command, 1)

    monkeypatch.setattr(subprocess, "run", stopped)
    with pytest.raises(AuditError, match="could not be run"):
        render_reports(run_folder, [NAME], target=tmp_path / "reports")
    assert seen == [(tmp_path / "reports", 0o700)]
    assert list((tmp_path / "reports").iterdir()) == []


@pytest.mark.notebook
class TestRendered:
    def test_files_are_the_owners_own(self, page: str, run_folder: Path) -> None:
        for name in (f"{NAME}.html", f"{NAME}.ipynb"):
            assert (run_folder / "reports" / name).stat().st_mode & 0o777 == 0o600

    def test_one_page_needs_nothing_from_elsewhere(self, page: str) -> None:
        assert len(page.encode()) < 8 * MEGABYTE
        assert page.count("* plotly.js v") == 1
        own = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
        assert not re.findall(r"""(?:src|href)=["'](?!#|data:)""", own)
        assert "default-src 'none'" in page
        assert len(re.findall(r"[>\n]<script>", page)) == len(re.findall(r"'sha256-", page)) == 3

    def test_every_percentage_has_numerator_and_denominator(self, page: str) -> None:
        shares = shares_of(page)
        assert len(shares) > 3
        assert [share for share in shares if not is_explained(*share)] == []

    def test_what_reviewers_decided_is_shown_with_what_its_percentages_are_of(self, decided_page: str) -> None:
        assert [share for share in shares_of(decided_page) if not is_explained(*share)] == []
        columns = share_columns(decided_page)
        assert len(columns) == 3
        assert [title for title, beside in columns if not is_explained_column(title, beside)] == []

    def test_figures_say_what_they_show(self, page: str) -> None:
        assert page.count('<figure class="audit-figure">') == 6
        assert page.count('role="img"') == 6
        assert not re.search(r'role="img" aria-label=""', page)

    def test_code_is_folded_and_warnings_are_absent(self, page: str, run_folder: Path) -> None:
        assert '<details class="page-code">' in page
        assert '<details class="page-code" open' not in page
        notebook = (run_folder / "reports" / f"{NAME}.ipynb").read_text()
        assert '"stderr"' not in notebook

    def test_nothing_personal_is_stored(self, page: str, run_folder: Path) -> None:
        notebook = (run_folder / "reports" / f"{NAME}.ipynb").read_text()
        for text in (page, notebook):
            assert str(run_folder) not in text
            assert str(Path(audit_lib.__file__).parent) not in text

    def test_the_stored_notebook_runs_again_from_its_place(self, page: str, run_folder: Path) -> None:
        papermill(run_folder / "reports" / f"{NAME}.ipynb", run_folder / "again.ipynb", run_folder / "reports")

    def test_the_plain_command_runs_it(self, run_folder: Path, tmp_path: Path) -> None:
        target = tmp_path / "out.ipynb"
        papermill(folder("notebooks") / f"{NAME}.ipynb", target, tmp_path, "-p", "run", str(run_folder))
        assert "application/vnd.plotly.v1+json" in target.read_text()

    def test_a_failing_notebook_is_reported_without_values(self, tmp_path: Path) -> None:
        broken = build_run(tmp_path / "run")
        path = broken / "line_exposure.parquet"
        rows = duckdb.sql(f"select * replace ('MARKERVALUE' as net_overpaid_amount) from '{path}'")
        rows.write_parquet(f"{path}.new")
        Path(f"{path}.new").replace(path)
        with pytest.raises(AuditError, match=r"cell \d+ failed with") as error:
            render_reports(broken, [NAME])
        assert error.value.exit_code == 14
        assert "MARKERVALUE" not in error.value.message


@pytest.fixture(autouse=True)
def package_on_path(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let kernels find the package, installed or not."""
    paths = [str(Path(audit_lib.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))
    yield


def papermill(source: Path, target: Path, cwd: Path, *options: str) -> None:
    command = [sys.executable, "-m", "papermill", str(source), str(target), "--no-progress-bar", *options]
    result = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-2000:]
