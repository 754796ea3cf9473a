"""Executes a notebook's cells here, without a kernel: quick, for tests of what its cells show."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

from audit_lib.resources import folder


def shown(notebook: str, run: Path, **given: Any) -> list[Any]:
    """Return what the code cells of a notebook show over a run, with these parameters."""
    cells = json.loads((folder("notebooks") / f"{notebook}.ipynb").read_text("utf-8"))["cells"]
    names: dict[str, Any] = {}
    results = []
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        results.append(_last_value("".join(cell["source"]), names))
        if "parameters" in cell["metadata"].get("tags", []):
            assert set(given) <= set(names), f"{notebook} has no parameter {set(given) - set(names)}"
            names |= {"run": str(run), **given}
    return [result for result in results if result is not None]


def _last_value(source: str, names: dict[str, Any]) -> Any:
    """Execute a cell; return the value of its last line where that is an expression, as a notebook shows it."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if isinstance(last, ast.Expr) else None
