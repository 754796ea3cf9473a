"""The reference lists that the text of the rules names, as they were delivered."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from tests.conftest import SHARED

# What the text calls incidental: a per diem nowhere but in rules 1 and 27.
INCIDENTAL = frozenset({"S9537", "S9542", "S9558", "S9559", "S9560", "S9562"})
TPN = frozenset({"S9364", "S9365", "S9366", "S9367", "S9368"})
HYDRATION = frozenset({"S9373", "S9374", "S9375", "S9376", "S9377"})
HOME = frozenset({"12", "13", "14", "33", "04", "16"})
SUITE = "49"
FACILITIES = frozenset({"11", "19", "21", "22", "23", "24"})


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one list; none where the reference lists are not at hand and no test of them runs."""
    if not (SHARED / "reference").is_dir():
        return []
    with (SHARED / "reference" / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def by_code(name: str) -> dict[str, dict[str, str]]:
    """Return the rows of one list by their code; of several with one code the last."""
    return {row["code"]: row for row in rows(name)}


def codes_in(cell: str) -> frozenset[str]:
    """Return the S codes of a cell that names them singly or as ranges such as S9364-S9368."""
    return frozenset(_codes(cell))


def _codes(cell: str) -> Iterator[str]:
    for first, last in re.findall(r"S(\d{4})-S(\d{4})", cell):
        yield from (f"S{number:04}" for number in range(int(first), int(last) + 1))
    yield from re.findall(r"S\d{4}", cell)
