"""What libraries would spend seconds on as they are imported stays undone, in every process that imports them."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT

# Builds the grammar of RFC 3987 as it is imported, and jsonschema imports it where it is installed (JupyterLab has it).
GRAMMAR = {"rfc3987_syntax.syntax_helpers", "lark.lark"}


def imported_by(code: str) -> set[str]:
    code += "\nimport sys\nprint(*[name for name, module in sys.modules.items() if module])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    ("code", "whose"),
    [
        ("from audit_lib.reports import notebook_process\nimport papermill.cli", "papermill"),
        ("from audit_lib.reports import figures", "nbformat"),  # Plotly takes it
        ("from audit_lib.reports import render\nimport nbconvert, nbformat", "nbconvert"),
        ("from audit_lib.quality.engine import _great_expectations\n_great_expectations()", "great_expectations"),
    ],
)
def test_no_grammar_is_built_that_nothing_here_uses(code: str, whose: str) -> None:
    imported = imported_by(code)
    assert {whose, "jsonschema"} <= imported
    assert imported & GRAMMAR == set()


def test_it_would_be_built() -> None:
    """Once libraries have ceased to build it, `spared_imports` has had its day."""
    assert imported_by("import papermill.cli") >= GRAMMAR
