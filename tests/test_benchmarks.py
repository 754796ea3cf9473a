"""What the audit is measured against gives the same findings; how long anything takes is never tested."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from types import ModuleType

import duckdb
import pytest

from audit_lib.audit import RunOptions, run_audit
from audit_lib.progress import Progress
from audit_lib.quality import engine
from benchmarks import bench, in_pandas, in_polars, lists
from benchmarks.bench import plan
from benchmarks.comparison import Comparison, compare
from benchmarks.figure import figure
from benchmarks.generate import generate
from benchmarks.measuring import Data, KeptTimes, Task, measure, run_once
from benchmarks.page import BEGIN, END, as_markdown, with_results
from benchmarks.page import main as put_into_page
from benchmarks.quality_gate import main as measure_gate
from benchmarks.results import WHOLE_FILE_STEPS, Results, targets
from benchmarks.walls import walls

FINDINGS = """
    select
        case when line > 3 then 'tpn_base_product' else 'supply_with_per_diem' end as rule, 'A' as claim_id,
        line as claim_line_number, case when line > 2 then 'overpayment' else 'review' end as outcome,
        cast(line * 10.01 as decimal(18, 2)) as amount
    from range(1, 6) as lines (line)
"""


@pytest.fixture(scope="module")
def claims(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("benchmark")
    generate(folder, 50_000, infusion_percent=20)
    return folder / "claims"


@pytest.fixture(scope="module")
def audited(claims: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    options = RunOptions(
        claims=str(claims), out=tmp_path_factory.mktemp("run"), rules=list(lists.RULES), with_quality=False,
        with_reports=False, run_id=".",
    )  # fmt: skip
    return run_audit(options, Progress(is_quiet=True)).path / "findings.parquet"


def test_every_rule_has_overpayments_and_reviews_to_agree_on(audited: Path) -> None:
    found = duckdb.sql(f"select distinct rule, outcome from '{audited}'").fetchall()
    assert set(found) == {(rule, outcome) for rule in lists.RULES for outcome in ("overpayment", "review")}


@pytest.mark.parametrize("alternative", [in_pandas, in_polars], ids=["pandas", "polars"])
def test_alternatives_give_the_same_findings(
    alternative: ModuleType, claims: Path, audited: Path, tmp_path: Path
) -> None:
    found = alternative.findings(claims)
    assert compare(audited, _written(found, tmp_path / "findings.parquet")).is_equal


def _written(found: object, path: Path) -> Path:
    if hasattr(found, "to_parquet"):
        found.to_parquet(path)
    else:
        found.write_parquet(path)
    return path


@pytest.mark.parametrize(
    ("change", "missing", "surplus"),
    [
        ("select * replace (amount * 100 + (row_number() over () = 1)::int as amount) from findings", 1, 1),
        ("select * replace (amount * 100 as amount) from findings where rule <> 'tpn_base_product'", 2, 0),
        ("select * replace (amount * 100 as amount, 'review' as outcome) from findings", 3, 3),
    ],
)
def test_a_cent_a_line_or_an_outcome_makes_a_difference(
    change: str, missing: int, surplus: int, tmp_path: Path
) -> None:
    duckdb.sql(FINDINGS).write_parquet(str(tmp_path / "engine.parquet"))
    duckdb.sql(f"with findings as ({FINDINGS}) {change}").write_parquet(str(tmp_path / "other.parquet"))
    compared = compare(tmp_path / "engine.parquet", tmp_path / "other.parquet")
    assert not compared.is_equal
    assert (compared.missing_count, compared.surplus_count) == (missing, surplus)


def test_two_empty_answers_are_not_equal(audited: Path, tmp_path: Path) -> None:
    duckdb.sql(f"from '{audited}' limit 0").write_parquet(str(tmp_path / "none.parquet"))
    assert not compare(tmp_path / "none.parquet", tmp_path / "none.parquet").is_equal


def test_work_is_timed_in_a_process_of_its_own(claims: Path, tmp_path: Path) -> None:
    task = Task("polars", "polars", Data(50_000, 20))
    done = run_once(task, claims, tmp_path / "findings.parquet")
    assert done["seconds"] > 0
    assert 20e6 < done["peak_bytes"] < 20e9
    assert (tmp_path / "findings.parquet").is_file()


def test_work_that_fails_ends_the_benchmark(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="floor on 50000-20-percent-parquet failed"):
        run_once(Task("floor", "floor", Data(50_000, 20)), tmp_path / "nothing", tmp_path / "out")


def test_an_interrupted_benchmark_goes_on_where_it_was(claims: Path, tmp_path: Path) -> None:
    tasks = [Task("floor", "floor", Data(50_000, 20)), Task("checksums", "checksums", Data(50_000, 20))]
    times, said = tmp_path / "times.jsonl", list[str]()

    def rounds(repetitions: int, state: str) -> list[list[dict[str, object]]]:
        said.clear()
        kept = KeptTimes(times, state)
        return [one.times for one in measure(tasks, lambda _: claims, tmp_path / "out", repetitions, said.append, kept)]

    first = rounds(1, "this state")
    assert len(said) == 2
    with times.open("a") as file:
        file.write('{"state": "this st')
    again = rounds(2, "this state")
    assert [one[0] for one in again] == [one[0] for one in first]
    assert [line[:6] for line in said] == ["2 of 2", "2 of 2"]
    rounds(1, "another state")
    assert [line[:6] for line in said] == ["1 of 1", "1 of 1"]


def measured(size: int, **seconds: float) -> Results:
    """Results in which everything takes a second and a gigabyte, but for checksums and the labels named."""
    named = {"checksums": 0.25, **seconds}
    found = [
        {"label": task.label, **asdict(task.data), "seconds": named.get(task.label, 1.0), "peak_bytes": 10**9,
         "steps": {**dict.fromkeys(WHOLE_FILE_STEPS, 1.0), "scanning_files": 1.5, "reading": 2.0, "claim_lines": 3.0}}
        for task in plan(size)
    ]  # fmt: skip
    return Results({
        "lines": size, "repetitions": 5, "threads": 2, "machine": {"cores": "2"}, "measured": found,
        "compared": [{"label": "pandas", "lines": size, "percent": 1, "finding_count": 7}],
        "quality_by_hand": {"lines": size, "ratio": 1.5}, "start_up": {"--help": 0.2, "rules": 0.6},
    })  # fmt: skip


def verdicts(results: Results) -> dict[str, tuple[float, str]]:
    return {one.text: (round(one.measured, 3), one.verdict) for one in targets(results)}


def test_checksums_are_no_part_of_the_audit_and_the_floor_is_of_the_same_file() -> None:
    results = measured(100_000_000, engine=9.0, floor=2.0, checksums=0.5)
    assert results.ratio("engine", Data(100_000_000, 1)) == (9.0 - 0.5) / 2.0
    assert results.ratio("pandas", Data(10_000_000, 1)) == 0.5
    assert results.csv_reading(Data(10_000_000, 1, "csv")) == 1.5 + 2.0 - 0.5


def test_targets_are_met_or_not_and_say_which_size_they_are_meant_for() -> None:
    large = verdicts(measured(100_000_000, engine=9.0, floor=2.0, checksums=0.5))
    assert large["Engine against the floor"] == (4.25, "not met")
    assert large["Engine's memory"] == (1.0, "met")
    assert large["Ten times the lines"] == (1.0, "met")
    assert large["`infusion-audit --help`"] == (0.2, "met")
    assert large["`infusion-audit rules`"] == (0.6, "not met")
    small = verdicts(measured(10_000_000, engine=8.0, floor=2.0, checksums=0.5))
    assert small["Engine against the floor"] == (3.75, "met here; meant for 100,000,000 lines")
    assert small["Memory with `--memory-limit 2GB`"] == (1.0, "met")


def test_alternatives_are_held_against_the_engine_on_the_same_rules() -> None:
    results = measured(10_000_000, **{"engine, three rules": 1.5, "pandas": 12.0, "polars": 0.9, "checksums": 0.5})
    found = verdicts(results)
    on_same = "on the same three rules, 1 % infusion"
    assert found[f"Pandas' seconds against the engine's {on_same}"] == (12.0, "met")
    assert found[f"Pandas' memory against the engine's {on_same}"] == (1.0, "not met")
    assert found[f"Pandas' memory against the engine's in 700 MB {on_same}"] == (1.0, "not met")
    assert found[f"Polars' seconds against the engine's {on_same}"] == (0.9, "not met")


def test_a_wall_is_the_least_part_that_takes_longer_than_a_target_allows() -> None:
    found = walls(measured(10_000_000, floor=2.0, pandas=15.0, polars=11.0, **{"reading, kept": 3.1}))
    assert [(one.allowed_seconds, one.seconds) for one in found] == [
        (8.0, 9.0), (3.0, 3.1), (3.0, 3.1), (1.5, 2.0), (11.0, 12.0), (1.5, 2.0), (11.0, 12.0),
    ]  # fmt: skip
    assert "every line" in found[0].what
    assert "every value" in found[3].what
    assert "claim_lines" in found[4].what


def test_a_target_that_its_parts_leave_room_for_has_no_wall() -> None:
    assert walls(measured(10_000_000, floor=3.1, pandas=121.0, polars=12.1)) == []


def test_duckdbs_reading_is_kept_with_every_row(tmp_path: Path) -> None:
    generate(tmp_path, 5_000, infusion_percent=20, file_format="csv")
    kept = tmp_path / "kept.parquet"
    run_once(Task("reading, kept", "keeping", Data(5_000, 20, "csv")), tmp_path / "claims", kept)
    rows = duckdb.sql(f"select count(*), count(paid_amount) from '{kept}'").fetchall()
    assert rows == duckdb.sql(f"select count(*), count(paid_amount) from '{tmp_path}/claims/*.csv'").fetchall()


def test_a_page_takes_the_tables_between_its_marks_again_and_again() -> None:
    page = f"before\n{BEGIN}{END}after\n"
    once = with_results(page, measured(10_000_000))
    assert once.startswith("before\n") and once.endswith("after\n")
    assert "| Engine against the floor | 10,000,000 |" in once
    assert with_results(once, measured(10_000_000)) == once
    with pytest.raises(ValueError, match="both of its marks"):
        with_results("no marks", measured(10_000_000))


@pytest.mark.parametrize("text", [None, "no json", "[]", "{}"])
def test_what_is_no_file_of_results_ends_with_2_and_leaves_the_page(
    text: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, results = tmp_path / "page.md", tmp_path / "results.json"
    page.write_text(f"before\n{BEGIN}{END}after\n", "utf-8")
    if text is not None:
        results.write_text(text, "utf-8")
    with pytest.raises(SystemExit) as ended:
        put_into_page([str(results)], page)
    assert (ended.value.code, page.read_text("utf-8")) == (2, f"before\n{BEGIN}{END}after\n")
    assert f"{results} cannot be put into page.md" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["claims.csv", "two"], ["claims.csv", "0"], ["no_such_claims.csv"]])
def test_the_gate_is_not_measured_without_claims_and_threads_and_is_left_as_it_was(words: list[str]) -> None:
    validate = engine.validate
    with pytest.raises(SystemExit) as ended:
        measure_gate(words)
    assert (ended.value.code, engine.validate) == (2, validate)


def test_every_measurement_is_in_the_table_and_in_the_figure() -> None:
    results = measured(100_000_000)
    count = len(results.values["measured"])
    assert as_markdown(results).count(" GB |\n") >= count
    assert [len(bars.y) for bars in figure(results).data] == [count, count]


def test_beyond_ten_million_lines_only_the_floor_and_the_audit_grow() -> None:
    large = {(task.label, task.data.percent) for task in plan(100_000_000) if task.data.lines > 10_000_000}
    assert large == {("floor", 1), ("checksums", 1), ("engine", 1)}
    assert {task.label for task in plan(100_000_000)} == {task.label for task in plan(10_000_000)}


def test_other_findings_end_the_benchmark_without_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "claims_of", lambda data, folder: folder)
    monkeypatch.setattr(bench, "measure", lambda *_: [])
    monkeypatch.setattr(bench, "compare", lambda *_: Comparison(5, 1, 1))
    assert bench.run(1_000, 1, tmp_path) == 1
    assert list(tmp_path.iterdir()) == []


def test_generated_claims_are_used_again_until_the_generator_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    monkeypatch.setattr(bench, "generate", lambda place, lines, percent, file_format: made.append(lines))
    for generator in ("a", "a", "b"):
        monkeypatch.setattr(bench, "_generator", lambda generator=generator: generator)
        assert bench.claims_of(Data(10, 1), tmp_path) == tmp_path / "claims" / "10-1-percent-parquet" / "claims"
    assert made == [10, 10]
