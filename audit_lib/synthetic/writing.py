"""Writes claims and truth as CSV: UTF-8, one plain newline a row, the same bytes for the same seed."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from audit_lib.synthetic.columns import CLAIM_COLUMNS, TRUTH_COLUMNS
from audit_lib.synthetic.stream import claims_with_breaches, clean_claims

SAMPLE_SEED = 20_250_718
CLEAN_LINES = 3_000


def write_sample(folder: Path, line_count: int = 20_000, seed: int = SAMPLE_SEED) -> None:
    """Write `claims.csv`, `truth.csv` and `clean_claims.csv` into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    claims = claims_with_breaches(line_count, seed)
    write_csv(folder / "claims.csv", CLAIM_COLUMNS, claims)
    write_csv(folder / "truth.csv", TRUTH_COLUMNS, ([*row.values().values()] for row in claims.truth))
    write_csv(folder / "clean_claims.csv", CLAIM_COLUMNS, clean_claims(CLEAN_LINES, seed + 1))


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write rows under their column names, as they come."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
