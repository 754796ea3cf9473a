"""Evidence over a run that another installation made: it says what it cannot tell, and explains nothing wrongly."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audit_lib.evidence import Evidence, evidence_for, pages
from audit_lib.evidence.text import as_text
from audit_lib.run import Run
from tests.evidence_runs import SAMPLE, finished_run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return Run.open(finished_run(SAMPLE / "claims.csv", tmp_path_factory.mktemp("evidence") / "run"))


@pytest.fixture
def touched(run: Run, tmp_path: Path) -> Callable[[Callable[[dict[str, Any]], None]], Evidence]:
    """Explain one finding over a copy of the run whose manifest was changed."""

    def explained(change: Callable[[dict[str, Any]], None]) -> Evidence:
        shutil.copytree(run.folder, tmp_path / "copy")
        path = tmp_path / "copy" / "manifest.json"
        manifest = json.loads(path.read_text("utf-8"))
        change(manifest)
        path.write_text(json.dumps(manifest), "utf-8")
        copy = Run.open(tmp_path / "copy")
        found = copy.sql("select finding_id from findings where rule = 'supply_with_per_diem' order by 1 limit 1")
        return next(iter(evidence_for(copy, list(found["finding_id"])).values()))

    return explained


def _other_sql(manifest: dict[str, Any]) -> None:
    for entry in manifest["rules"]:
        entry["sql_sha256"] = "0" * 64


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_other_sql, "its version of this rule is 3, with other SQL than version 3"),
        (lambda manifest: manifest.update(shared_sql_sha256="0"), "shared SQL or code lists have changed"),
        (lambda manifest: manifest["parameters"]["settings"].update(local="/gone"), "is no longer there"),
    ],
)
def test_another_installation_says_so_instead_of_explaining_wrongly(
    touched: Callable[[Callable[[dict[str, Any]], None]], Evidence], change: Any, said: str
) -> None:
    item = touched(change)
    assert not item.is_reperformed
    assert said in item.texts("cautions")[0]
    assert not item.texts("tried")
    assert not item.texts("arithmetic")
    assert item.texts("finding")
    assert item.texts("against")
    assert "Read this first" in as_text(item)


def _data(**said: Any) -> Callable[[dict[str, Any]], None]:
    whole = {
        "left_out": False, "continued_regardless": False, "critical_failures": [], "stopped_rules": [],
        "emptied_columns": [], "unmet_warnings": [],
    }  # fmt: skip
    return lambda manifest: manifest.update(quality=whole | said)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_data(left_out=True), "The data-quality gate was left out of this run"),
        (_data(continued_regardless=True, critical_failures=["claim_id_present"]), "told to go on regardless"),
        (_data(unmet_warnings=["one_year_at_most"]), "“one year at most”. The report 01_data_quality has counts"),
        (
            _data(stopped_rules=[{"rule": "tpn_lines"}], emptied_columns=[{"column": "ndc_code"}]),
            "Most values of ndc_code cannot be read",
        ),
        (_data(), ""),
    ],
)
def test_what_the_data_quality_gate_says_is_known_before_reading_on(
    touched: Callable[[Callable[[dict[str, Any]], None]], Evidence], change: Any, said: str
) -> None:
    item = touched(change)
    assert item.is_reperformed
    assert ("Read this first" in as_text(item)) == bool(said)
    assert said in " ".join(as_text(item).split())
    assert said in pages.head(item).html
