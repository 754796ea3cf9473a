"""Claims whose texts would do harm where a page, a query or a spreadsheet took them for its own."""

from __future__ import annotations

import csv
from pathlib import Path

from audit_lib.claims.layouts import contract_columns
from audit_lib.cli import main

HOSTILE = {
    "sql": "'; drop table claim_lines; --",
    "script": "</script></style></textarea><script>zqran()</script><zqtag>",
    "attribute": '"><img src=x onerror=zqran()><zqtag x="',
    "apostrophe": "' onmouseover='zqran()' zqattr='",
    "formula": '=HYPERLINK("http://example.org/?"&A1,"zqtag")',
    "command": "@SUM(1+1)*cmd|' /C calc'!A0<zqtag>",
    "markdown": "[zqtag](javascript:zqran()) `<zqtag>` $$\\href{javascript:zqran()}{x}$$",
    "link": "http://example.org/zqtag",
    "template": "{{ zqran() }}{% raw %}<zqtag>",
}
TEXTS = [c.name for c in contract_columns() if c.kind in ("identifier", "member", "text", "word")]
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
    write_table(place / "claims.csv", rows)
    names = [{"provider_id": row["billing_tin"], "name": row["claim_id"], "specialty": row["claim_id"]} for row in rows]
    write_table(place / "providers.csv", [row for n, row in enumerate(names) if row not in names[:n]])
    (place / "settings.yml").write_text("providers: providers.csv\n", "utf-8")
    words = ["run", "--claims", place / "claims.csv", "--out", place, "--run-id", "r", "--no-reports", "--no-quality"]
    assert main([*map(str, words), "--config", str(place / "settings.yml")]) == 0
    return place / "r"


def write_table(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
