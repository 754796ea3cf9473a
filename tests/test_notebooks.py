"""Notebooks stay thin: prose, one parameters cell, cells that fetch a table or show a figure, no output."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from audit_lib.resources import folder

NOTEBOOKS = sorted(folder("notebooks").glob("*.ipynb"))
MOST_LINES = 10
SQL_WORDS = ("select ", "insert ", "create ", "with ", "update ", "delete ")


def cells(path: Path, kind: str = "code") -> list[dict[str, Any]]:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def parameter_cells(path: Path) -> list[dict[str, Any]]:
    return [cell for cell in cells(path) if "parameters" in cell["metadata"].get("tags", [])]


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_one_parameters_cell_typed_and_commented(path: Path) -> None:
    (cell,) = parameter_cells(path)
    lines = [line for line in source(cell).splitlines() if not line.startswith("#")]
    assert lines
    for line in lines:
        (statement,) = ast.parse(line).body
        assert isinstance(statement, ast.AnnAssign), line
        assert "  # " in line, line
    assert any(line.startswith("run: str = ") for line in lines)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_ipython_does_not_read_the_parameters_as_a_command(path: Path) -> None:
    """`run: str = ""` alone in a cell is the magic `%run` to IPython; a comment above it prevents that."""
    (cell,) = parameter_cells(path)
    assert source(cell).startswith("#")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_cells_are_thin(path: Path) -> None:
    for cell in cells(path):
        text = source(cell)
        assert len(text.splitlines()) <= MOST_LINES or cell in parameter_cells(path), text
        for node in ast.walk(ast.parse(text)):
            assert not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda), text
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not node.value.lower().lstrip().startswith(SQL_WORDS), text


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_cells_but_parameters_follow_prose(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    kinds = [cell["cell_type"] for cell in notebook["cells"]]
    assert kinds[0] == "markdown"
    assert kinds.count("markdown") * 3 >= kinds.count("code")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_nothing_is_stored(path: Path) -> None:
    for cell in cells(path):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_kernel_is_the_plain_one(path: Path) -> None:
    metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
    assert metadata["kernelspec"]["name"] == "python3"
    assert set(metadata) == {"kernelspec", "language_info"}
