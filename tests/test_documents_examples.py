"""What the README and the page for analysts tell people to type works as it stands there."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from audit_lib.cli import main, parser
from audit_lib.commands.notebook import _given
from audit_lib.reports.parameters import checked_parameters, notebook_names
from tests.conftest import ROOT
from tests.page_blocks import blocks
from tests.small_claims import CLAIMS

PAGES = [ROOT / "README.md", ROOT / "docs" / "for_analysts.md"]


def commands(name: str) -> list[list[str]]:
    """Return the words of every command of this name that stands in a block of its own lines."""
    lines = [line for page in PAGES for block in blocks(page, "") for line in block.splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith(f"infusion-audit {name} ")]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the examples find it: the claims where they say, and runs that the examples of Python make."""
    place = tmp_path_factory.mktemp("examples")
    (place / "data" / "sample").mkdir(parents=True)
    (place / "data" / "sample" / "claims.csv").write_text(CLAIMS)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        for page in PAGES:
            names: dict[str, Any] = {}
            for block in blocks(page, "python"):
                exec(compile(block, page.name, "exec"), names)
            assert isinstance(names["audit"].exposure(by="provider"), pd.DataFrame)
    return place


def test_examples_of_python_run_and_those_of_the_shell_answer(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(place)
    given = commands("shell")
    assert len(given) >= 3
    for words in given:
        assert main(words) == 0, capsys.readouterr().err
        assert capsys.readouterr().out.count("\n") > 1


def test_examples_of_notebooks_name_what_there_is(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    given = [parser().parse_args(words) for words in commands("notebook")]
    assert len(given) >= 4
    for options in given:
        values, problems = _given(options.parameter)
        checked_parameters(notebook_names() if options.names == ["all"] else options.names, values, "", problems)
