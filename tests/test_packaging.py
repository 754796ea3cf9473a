"""The package as others get it: pins in step, a lock without addresses, a wheel that audits from any folder."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml

from audit_lib import resources
from audit_lib.errors import AuditError
from audit_lib.settings import read_settings

ROOT = Path(__file__).parent.parent
NAMED_FOR_CONDA = ["duckdb", "pandas", "jupyterlab", "papermill", "plotly", "great-expectations"]


def _limits(requirements: list[str]) -> dict[str, str]:
    split = (re.match(r"([A-Za-z0-9_.-]+)(.*)", text) for text in requirements)
    return {match[1].lower(): match[2].strip() for match in split if match}


def _project() -> dict[str, str]:
    return _limits(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"])


def test_conda_pins_are_those_of_the_project() -> None:
    listed = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))["dependencies"]
    conda = _limits([item for item in listed if isinstance(item, str)])
    project = _project()
    assert {name: conda.get(name) for name in NAMED_FOR_CONDA} == {name: project[name] for name in NAMED_FOR_CONDA}


def test_conda_limits_are_the_projects_for_whatever_is_named_there() -> None:
    listed = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))["dependencies"]
    conda = _limits([item for item in listed if isinstance(item, str) and not item.startswith(("python", "pip"))])
    assert conda.items() <= _project().items()


def _imported() -> set[str]:
    """Return the distributions whose modules the package imports, wherever in a file that stands."""
    found: set[str] = set()
    for path in (ROOT / "audit_lib").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(str(node.module).split(".")[0])
    owners = packages_distributions()
    outside = found - sys.stdlib_module_names - {"audit_lib"}
    return {re.sub("[_.]", "-", owner).lower() for module in outside for owner in owners.get(module, [module])}


def test_whatever_the_package_imports_is_declared() -> None:
    imported = _imported()
    assert {"duckdb", "jinja2", "pyyaml"} <= imported
    assert imported - {"pyspark"} <= set(_project())  # an extra brings PySpark


def test_the_licence_is_the_one_that_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert (project["license"], project["license-files"]) == ("Apache-2.0", ["LICENSE"])
    assert "Apache License" in text and "Version 2.0, January 2004" in text
    assert "Copyright 2026 The infusion-audit authors" in text


def test_the_lock_holds_exact_versions_and_no_address() -> None:
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    strange = [line for line in lines if not re.match(r"^[A-Za-z0-9_.\[\]-]+==[^ ]+( ; .*)?$", line)]
    assert strange == []
    locked = {line.split("==")[0].lower() for line in lines}
    assert set(_project()) <= locked


def test_messages_name_a_page_that_their_reader_has(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In a checkout by its usual name; of an installed package by its path, since its user has no folder `docs`."""
    assert resources.page("settings.md") == "docs/settings.md"
    installed = tmp_path / "audit_lib"
    (installed / "_data" / "docs").mkdir(parents=True)
    (installed / "_data" / "docs" / "settings.md").write_text("", "utf-8")
    monkeypatch.setattr(resources, "_PACKAGE", installed)
    (tmp_path / "settings.yml").write_text("- a list\n", "utf-8")
    with pytest.raises(AuditError, match=re.escape(f"see {installed}/_data/docs/settings.md.")):
        read_settings(tmp_path / "settings.yml")


def test_pages_that_messages_name_are_there_and_are_named_through_one_function() -> None:
    named, written = set(), []
    for path in sorted((ROOT / "audit_lib").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "page":
                named |= {part.value for part in node.args if isinstance(part, ast.Constant)}
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
                written += re.findall(r"docs/\w+\.md", node.value) if path.name != "manifest_keys.py" else []
    assert {name for name in named if not (ROOT / "docs" / name).is_file()} == set()
    assert named >= {"settings.md", "layouts.md", "scheduling.md", "adding_a_rule.md"}
    assert written == []


def test_a_wheel_brings_what_its_user_is_sent_to() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    brought = {"sql", "expectations", "notebooks", "docs", "README.md", "SECURITY.md"}
    assert wheel["force-include"] == {name: f"audit_lib/_data/{name}" for name in brought}


@pytest.mark.wheel
def test_a_wheel_in_an_empty_environment_audits_from_any_folder(tmp_path: Path) -> None:
    subprocess.run(["uv", "build", "--wheel", "--out-dir", tmp_path, ROOT], check=True, capture_output=True)
    wheel = next(tmp_path.glob("*.whl"))
    subprocess.run(["uv", "venv", "--python", sys.executable, tmp_path / "env"], check=True, capture_output=True)
    install = ["uv", "pip", "install", "--python", tmp_path / "env", "--constraint", ROOT / "requirements.lock", wheel]
    subprocess.run(install, check=True, capture_output=True)
    claims = tmp_path / "elsewhere" / "claims.csv"
    claims.parent.mkdir()
    claims.write_bytes((ROOT / "data" / "sample" / "claims.csv").read_bytes())
    run = subprocess.run(
        [tmp_path / "env" / "bin" / "infusion-audit", "run", "--claims", "claims.csv", "--out", "runs",
         "--notebooks", "03_overpayment_exposure"],
        cwd=claims.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    (claims.parent / "settings.yml").write_text("- a list\n", "utf-8")
    refused = subprocess.run(
        [tmp_path / "env" / "bin" / "infusion-audit", "run", "--claims", "claims.csv", "--out", "runs", "--config",
         "settings.yml"],
        cwd=claims.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    named = re.search(r"see (\S+/docs/settings\.md)\.", refused.stderr)
    assert named and Path(named[1]).is_file(), refused.stderr
    assert list(claims.parent.glob("runs/*/findings.parquet"))
    assert list(claims.parent.glob("runs/*/reports/03_overpayment_exposure.html"))
