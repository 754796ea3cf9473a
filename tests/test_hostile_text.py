"""Text of claims and of a plan's tables is shown and never run: no SQL, no formula; browser/ tries reports."""

from __future__ import annotations

import base64
import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from audit_lib.cli import main
from audit_lib.reports.copies import csv_copy
from audit_lib.safe_text import begins_like_formula
from tests.hostile_claims import HOSTILE, hostile_run, write_table


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile_run(tmp_path_factory.mktemp("hostile"))


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_exports_hold_it_as_text(run_folder: Path, tmp_path: Path, file_format: str) -> None:
    words = ["export", str(run_folder), "--out", str(tmp_path / "out"), "--with-review", "--format", file_format]
    assert main(words) == 0
    files = [path for path in (tmp_path / "out").rglob(f"*.{file_format}") if path.is_file()]
    assert files and all(path.resolve().is_relative_to(tmp_path) for path in files)
    if file_format == "csv":
        cells = [cell for path in files for row in csv.reader(path.open(newline="")) for cell in row]
        assert not [cell for cell in cells if begins_like_formula(cell) and not _is_number(cell)]
    else:
        cells = [cell for path in files for sheet in openpyxl.load_workbook(path) for row in sheet for cell in row]
        formulas = [cell.value for cell in cells if cell.data_type == "f"]
        assert [text for text in formulas if not str(text).startswith("=SUBTOTAL(")] == []
        assert [cell for cell in cells if cell.hyperlink and "zqtag" in str(cell.hyperlink.target)] == []
        cells = [str(cell.value) for cell in cells]
    assert any("HYPERLINK" in cell for cell in cells)


def test_a_diff_holds_it_as_text_and_amounts_as_numbers(run_folder: Path, tmp_path: Path) -> None:
    claims, out = tmp_path / "claims.csv", tmp_path / "diff.csv"
    rows = list(csv.DictReader((run_folder.parent / "claims.csv").open(newline="")))
    write_table(claims, [row | {"paid_amount": "50.00"} if row["claim_line_number"] == "2" else row for row in rows])
    words = ["run", "--claims", claims, "--out", tmp_path, "--run-id", "later", "--no-reports", "--no-quality"]
    assert main([*map(str, words)]) == 0
    assert main(["diff", str(run_folder), str(tmp_path / "later"), "--out", str(out)]) == 0
    found = list(csv.DictReader(out.open(newline="")))
    cells = [cell for row in found for cell in row.values()]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not [cell for cell in cells if begins_like_formula(cell) and not _is_number(cell)]
    amounts = {cell for row in found for name, cell in row.items() if name.startswith(("amount_", "net_")) and cell}
    assert amounts and all(_is_number(cell) for cell in amounts)


def test_a_copy_of_a_report_holds_it_as_text_and_amounts_as_numbers() -> None:
    table = pd.DataFrame(
        {
            "claim_id": [*HOSTILE.values(), "A-1"],
            "change_amount": [Decimal("-12.30")] * len(HOSTILE) + [None],
            "line_count": [-1] * (len(HOSTILE) + 1),
            "share": [-0.5] * (len(HOSTILE) + 1),
            "claim_line_start_date": [date(2025, 8, 4)] * (len(HOSTILE) + 1),
            "month": [pd.Timestamp(2025, 8, 1)] * (len(HOSTILE) + 1),
            "=provider": pd.Categorical(["+1"] * (len(HOSTILE) + 1)),
        }
    )
    table.attrs["name"] = "findings"
    rows = list(csv.reader(io.StringIO(base64.b64decode(csv_copy(table)).decode(), newline="")))
    texts = [f"'{text}" if text[0] in "=@" else text for text in HOSTILE.values()]
    assert rows[0] == [
        "claim_id",
        "change_amount",
        "line_count",
        "share",
        "claim_line_start_date",
        "month",
        "'=provider",
    ]
    assert [row[0] for row in rows[1:]] == [*texts, "A-1"]
    assert rows[1][1:] == ["-12.30", "-1", "-0.5", "2025-08-04", "2025-08-01", "'+1"] and rows[-1][1] == ""


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()
