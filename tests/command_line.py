"""The command in a process of its own, and small files of claims for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SAMPLE = Path(__file__).parent.parent / "data" / "sample" / "clean_claims.csv"
COLUMNS = ("claim_id", "claim_line_number", "member_id", "claim_line_start_date", "hcpcs_code", "service_unit_quantity")
HEADER = ",".join([*COLUMNS, "paid_amount", "billing_tin"])
MARK = "MARKERVALUE"


def command(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "audit_lib.cli", *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, check=False, cwd=cwd, timeout=300)


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return command("run", "--no-reports", "--no-quality", *arguments)


def claims_file(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "claims.csv"
    path.write_text("\n".join([header, *rows]) + "\n", "utf-8")
    return path


GOOD = f"{MARK}1,1,{MARK}2,2025-08-01,A4222,1,10.00,123456789"
