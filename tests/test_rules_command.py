"""`infusion-audit rules` and `new-rule`, and the guide that goes with them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import sqlglot
import yaml

from audit_lib.audit import audit_tables
from audit_lib.catalogue import failures, write_lock
from audit_lib.catalogue.contents import load_catalogue
from audit_lib.claims.layouts import read_layout
from audit_lib.claims.reading import read_claims
from audit_lib.claims.sources import find_files, scan_bytes
from audit_lib.cli import main
from audit_lib.commands.rules import DIALECTS
from audit_lib.dialects import EXECUTED, script, translate
from audit_lib.progress import Progress
from audit_lib.resources import folder
from audit_lib.rules import load_rules
from tests import rule_cases

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "docs" / "adding_a_rule.md"
HEAVY = {
    "sqlglot", "duckdb", "pandas", "numpy", "pyarrow", "pydantic", "papermill", "plotly", "great_expectations",
}  # fmt: skip
Capture = pytest.CaptureFixture[str]


def test_the_table_lists_every_rule_in_order(capsys: Capture) -> None:
    assert main(["rules"]) == 0
    heading, *lines = capsys.readouterr().out.splitlines()
    assert heading.split()[:2] == ["number", "rule"]
    assert [line.split()[1] for line in lines] == [rule.name for rule in load_rules()]
    assert all(line.endswith(rule.metadata.title) for line, rule in zip(lines, load_rules(), strict=True))


@pytest.mark.parametrize("arguments", ["--help", "rules", "rules --help", "rules show tpn_base_product"])
def test_nothing_heavy_is_imported_for_a_quick_answer(arguments: str) -> None:
    code = (
        "import sys\nfrom audit_lib.cli import main\n"
        f"try:\n    main({arguments.split()})\nexcept SystemExit:\n    pass\n"
        "print('imported:', *sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert HEAVY & set(done.stderr.split()) == set()


def test_show_says_all_that_the_metadata_says(capsys: Capture) -> None:
    for rule in load_rules():
        assert main(["rules", "show", rule.name]) == 0
        page = " ".join(capsys.readouterr().out.split())
        data = rule.metadata
        texts = [data.title, data.why, data.recover, data.policy.section, *data.exceptions, *data.misses, *data.needs,
                 *data.settled_by, *data.defences, *data.decisions, *data.changes.values(),
                 *data.code_sets]  # fmt: skip
        assert [text for text in texts if " ".join(text.split()) not in page] == []


def test_help_begins_with_what_the_command_does(capsys: Capture) -> None:
    for words in ("run", "verify", "new-rule", "rules show", "rules sql"):
        with pytest.raises(SystemExit):
            main([*words.split(), "--help"])
        usage, said, *_ = capsys.readouterr().out.split("\n\n")
        assert usage.startswith("usage:") and said[0].isupper() and said.endswith((".", "?")), words


def test_no_option_can_be_cut_short(capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["rules", "sql", "tpn_base_product", "--dia", "spark"])
    assert ended.value.code == 2
    assert "unrecognized arguments: --dia" in capsys.readouterr().err


@pytest.mark.parametrize("part", [["show"], ["sql"]])
def test_an_unknown_rule_gives_the_nearest_name(part: list[str], capsys: Capture) -> None:
    assert main(["rules", *part, "per_diem_duplicates_day"]) == 2
    assert "Did you mean per_diem_duplicate_day?" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["tpn_base_product", "--all"]])
def test_sql_is_of_one_rule_or_of_all(arguments: list[str], capsys: Capture) -> None:
    assert main(["rules", "sql", *arguments]) == 2
    assert "Name one rule or give --all" in capsys.readouterr().err


def test_a_broken_rule_is_named_by_what_checks_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    rules = tmp_path / "sql" / "rules" / "drugs"
    rules.mkdir(parents=True)
    (rules / "half_a_rule.yml").write_text("title: Half\n", "utf-8")
    (rules / "half_a_rule.sql").write_text("select 1\n", "utf-8")
    monkeypatch.setattr("audit_lib.resources._PACKAGE", tmp_path / "audit_lib")
    assert main(["rules"]) == 10
    assert "half_a_rule cannot be used" in capsys.readouterr().err


# SQL


def test_duckdb_sql_is_the_file_as_written(capsys: Capture) -> None:
    assert main(["rules", "sql", "tpn_base_product"]) == 0
    assert capsys.readouterr().out == (folder("sql") / "rules" / "tpn" / "tpn_base_product.sql").read_text("utf-8")


@pytest.mark.parametrize("dialect", [dialect for dialect in DIALECTS if dialect not in EXECUTED])
def test_other_dialects_are_labelled_and_read_as_such(dialect: str, capsys: Capture) -> None:
    assert main(["rules", "sql", "tpn_base_product", "--dialect", dialect]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"-- {dialect}: translated, not executed.")
    assert isinstance(sqlglot.parse_one(printed, read=dialect), sqlglot.exp.Query)


def test_what_cannot_be_translated_is_said_and_not_dropped() -> None:
    problems = translate("select sum(a) over (order by b) as c from t", "bigquery").problems
    assert [problem for problem in problems if "NULLS LAST" in problem]


def test_a_translated_script_has_every_step_once() -> None:
    made = re.findall(r"^create table (\w+) as$", script("spark"), re.MULTILINE)
    steps = [p.stem for part in ("staging", "facts", "exposure") for p in (folder("sql") / part).glob("*.sql")]
    assert len(made) == len(set(made))
    assert {rule.name for rule in load_rules()} | {"claim_lines", "findings", "line_exposure", "rule_rows"} <= set(made)
    assert set(made) <= {*steps, *(rule.name for rule in load_rules()), "rule_rows"}
    assert made.index("claim_lines") < made.index("per_diem_lines") < made.index("tpn_base_product")
    assert made.index("tpn_base_product") < made.index("rule_rows") < made.index("line_exposure")


RESULTS = ("findings", "line_outcomes", "rule_outcomes", "line_exposure")


def _tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {row[0] for row in connection.execute("select table_name from duckdb_tables()").fetchall()}


def test_the_whole_script_finds_what_the_audit_finds() -> None:
    options = rule_cases.options_of({})
    with duckdb.connect() as audited, duckdb.connect() as scripted:
        for connection in (audited, scripted):
            files = find_files(str(ROOT / "data" / "sample" / "claims.csv"))
            scan_bytes(files[0])
            read_claims(connection, files, read_layout("canonical"))
        audit_tables(audited, load_rules(), options, Progress(is_quiet=True))
        made = set(re.findall(r"^create table (\w+) as$", script("duckdb"), re.MULTILINE))
        for name in _tables(audited) - _tables(scripted) - made:
            scripted.from_arrow(audited.table(name).to_arrow_table()).create(name)
        scripted.execute(script("duckdb"))
        for table in RESULTS:
            rows = [c.execute(f"select * from {table} order by all").fetchall() for c in (audited, scripted)]
            assert rows[0]
            assert rows[0] == rows[1], table


# New rules


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout of its own: what the cases and the catalogue's checks need."""
    ignored = shutil.ignore_patterns("__pycache__", "_data", "synthetic", "report_template")
    for name in ("audit_lib", "sql", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _run(checkout: Path, *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", *arguments], capture_output=True, text=True, cwd=checkout, check=False)
    return done.stdout + done.stderr


def test_a_new_rule_runs_as_laid_out_and_is_not_taken_for_finished(checkout: Path, capsys: Capture) -> None:
    assert main(["new-rule", "drugs/my_rule", "--project", str(checkout)]) == 0
    assert "python -m pytest tests/test_rule_cases.py -k my_rule" in capsys.readouterr().out
    assert "2 passed" in _run(checkout, "pytest", "-p", "no:cacheprovider", "tests/test_rule_cases.py", "-k", "my_rule")
    found = failures(load_catalogue(checkout / "sql"))
    assert "my_rule - TODO what is wrong, in plain words -> title still says TODO" in found
    assert "my_rule - TODO what is wrong, in plain words -> its SQL still says TODO" in found


def test_numbers_of_own_rules_begin_at_100_and_fill_gaps(checkout: Path) -> None:
    for name in ("first", "second", "third"):
        assert main(["new-rule", f"own/{name}", "--project", str(checkout)]) == 0
    (checkout / "sql" / "rules" / "own" / "second.yml").unlink()
    (checkout / "sql" / "rules" / "own" / "second.sql").unlink()
    assert main(["new-rule", "own/fourth", "--project", str(checkout)]) == 0
    own = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in (checkout / "sql/rules/own").glob("*.yml")}
    assert {name: values["number"] for name, values in own.items()} == {"first": 100, "third": 102, "fourth": 101}


@pytest.mark.parametrize(
    ("name", "taken_by"),
    [
        ("tpn_base_product", "sql/rules/tpn/tpn_base_product"),
        ("rn_visits", "sql/facts/rn_visits.sql"),
        ("findings", "sql/exposure/findings.sql"),
        ("supply_codes", "sql/code_sets/supply_codes.csv"),
        ("typed_rows", "a table that a run brings"),
    ],
)
def test_taken_names_are_refused(checkout: Path, capsys: Capture, name: str, taken_by: str) -> None:
    before = sorted(path for path in checkout.rglob("*"))
    assert main(["new-rule", f"drugs/{name}", "--project", str(checkout)]) == 2
    assert taken_by in capsys.readouterr().err
    assert sorted(path for path in checkout.rglob("*")) == before


@pytest.mark.parametrize("rule", ["my_rule", "drugs/My_Rule", "drugs/2nd", "../drugs/x", "drugs/my-rule", "drugs/a/b"])
def test_names_that_are_no_tables_are_refused(rule: str, checkout: Path, capsys: Capture) -> None:
    assert main(["new-rule", rule, "--project", str(checkout)]) == 2
    assert "is no FAMILY/NAME" in capsys.readouterr().err


def test_a_folder_that_is_no_checkout_is_refused(tmp_path: Path, capsys: Capture) -> None:
    assert main(["new-rule", "drugs/my_rule", "--project", str(tmp_path)]) == 2
    assert "is no checkout" in capsys.readouterr().err


def test_a_rule_is_laid_out_whole_or_not_at_all(tmp_path: Path, capsys: Capture) -> None:
    plan = tmp_path / "plan"
    plan.mkdir()
    (plan / "tests").write_text("a file where the folder should be", "utf-8")
    assert main(["new-rule", "drugs/first", "--local", str(plan)]) == 14
    assert "Nothing was laid out. Make room or grant write access there" in capsys.readouterr().err
    assert [path for path in plan.rglob("*") if path.is_file()] == [plan / "tests"]
    (plan / "tests").unlink()
    assert main(["new-rule", "drugs/first", "--local", str(plan)]) == 0


def test_who_has_no_tests_is_told_to_take_a_checkout(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "installed" / "sql").mkdir(parents=True)
    monkeypatch.setattr("audit_lib.resources.folder", lambda name: tmp_path / "installed" / name)
    assert main(["new-rule", "drugs/first", "--local", str(tmp_path / "plan")]) == 0
    said = capsys.readouterr().out
    assert "Now run, in a checkout of the project (an installed package has no tests): INFUSION_AUDIT_LOCAL=" in said


def test_a_rule_of_the_plans_own_goes_into_its_folder(tmp_path: Path, capsys: Capture) -> None:
    plan = tmp_path / "plan"
    assert main(["new-rule", "drugs/first", "--local", str(plan)]) == 0
    assert f"INFUSION_AUDIT_LOCAL={plan} python -m pytest" in capsys.readouterr().out
    assert main(["new-rule", "drugs/second", "--local", str(plan)]) == 0
    for name, number in (("first", 100), ("second", 101)):
        values = yaml.safe_load((plan / "rules" / "drugs" / f"{name}.yml").read_text("utf-8"))
        assert (values["number"], values["approved_by"]) == (number, "TODO who answers for the rule")
        assert (plan / "rules" / "drugs" / f"{name}.sql").is_file()
        assert (plan / "tests" / "rules" / "drugs" / f"{name}.yml").is_file()
    claims = folder("data") / "sample" / "claims.csv"
    (tmp_path / "settings.yml").write_text("local: plan\n", "utf-8")
    words = ["run", "--claims", str(claims), "--out", str(tmp_path / "r"), "--config", str(tmp_path / "settings.yml")]
    capsys.readouterr()
    assert main(words) == 10
    assert "first.yml, first.sql, second.yml, second.sql" in (said := capsys.readouterr().err)
    assert "there is still a TODO to fill in" in said
    assert not (tmp_path / "r").exists()
    for taken in ("first", "tpn_base_product", "rn_visits"):
        assert main(["new-rule", f"drugs/{taken}", "--local", str(plan)]) == 2


def test_the_example_of_the_guide_passes_every_check(checkout: Path) -> None:
    guide = GUIDE.read_text("utf-8")
    files = dict(re.findall(r"^`((?:sql|tests)/rules/\S+)`\n\n```\w+\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL))
    assert len(files) == 3
    rule = re.search(r"infusion-audit new-rule (\S+)", guide)
    assert rule
    write_lock(load_catalogue(checkout / "sql"))
    before = failures(load_catalogue(checkout / "sql"))
    assert main(["new-rule", rule[1], "--project", str(checkout)]) == 0
    for name, text in files.items():
        assert (checkout / name).is_file()
        (checkout / name).write_text(text, "utf-8")
    command = re.search(r"python -m (pytest tests/test_rule_cases.py -k \S+)", guide)
    assert command
    assert "2 passed" in _run(checkout, *command[1].split(), "-p", "no:cacheprovider")
    with_example = load_catalogue(checkout / "sql")
    assert "repeated_delivery_fee" in {rule.name for rule in with_example.rules}
    assert failures(with_example) == before
    assert write_lock(with_example) == 1
