"""Which finding of a replaced claim a finding on the new claim goes on with: the same line, where one can tell."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.ledger_rows import Found, Told, dispose, finding_id, tell

LINK = (("A", "B", False, True),)
OTHER = {"code": "A4223"}

# Findings of rule x on claim A, and on claim B that replaces it: line and what is not typical → line of B: line of A.
HEIRS: dict[str, tuple[dict[int, dict[str, str]], dict[int, dict[str, str]], dict[int, int]]] = {
    "the same lines": ({2: {}, 3: {}}, {2: {}, 3: {}}, {2: 2, 3: 3}),
    "the first line has no finding any more": ({2: {}, 3: {}}, {3: {}}, {3: 3}),
    "the last line has no finding any more": ({2: {}, 3: {}}, {2: {}}, {2: 2}),
    "a line before the others is new": ({3: {}}, {2: {}, 3: {}}, {3: 3}),
    "the others in their order": ({2: {}, 3: {}, 5: {}}, {3: {}, 7: {}, 8: {}}, {3: 3, 7: 2, 8: 5}),
    "all numbers are others": ({2: {}, 3: {}}, {6: {}, 7: {}}, {6: 2, 7: 3}),
    "lines that changed places are told by their codes": ({2: {}, 3: OTHER}, {2: OTHER, 3: {}}, {2: 3, 3: 2}),
    "or by their days": ({2: {}, 3: {"day": "2025-08-09"}}, {2: {"day": "2025-08-09"}, 3: {}}, {2: 3, 3: 2}),
    "a line whose code was corrected": ({2: {}, 3: {}}, {2: OTHER, 3: {}}, {2: 2, 3: 3}),
    "a corrected code is no reason to take the line of another": ({3: {}}, {2: {}, 3: OTHER}, {2: 3}),
}  # fmt: skip


def heirs(told: Told) -> dict[str, str]:
    """Return finding ids of those that go on with another's history, and of those others."""
    return {
        row["finding_id"]: row["inherits_from_finding_id"] for row in told.rows if row["inherits_from_finding_id"]
    }  # fmt: skip


@pytest.mark.parametrize("name", HEIRS)
def test_a_finding_goes_on_with_that_of_its_own_line(tmp_path: Path, name: str) -> None:
    old, new, expected = HEIRS[name]
    tell(tmp_path, "one", *(Found("x", "A", "10.00", line=line, **what) for line, what in old.items()))  # type: ignore[arg-type]
    found = (Found("x", "B", "10.00", line=line, **what) for line, what in new.items())  # type: ignore[arg-type]
    told = tell(tmp_path, "two", *found, replaced=LINK)
    assert heirs(told) == {finding_id("x", "B", b): finding_id("x", "A", a) for b, a in expected.items()}
    again = tell(
        tmp_path, "three", *(Found("x", "B", "10.00", line=line, **what) for line, what in new.items()), replaced=LINK
    )
    assert heirs(again) == heirs(told)


def test_what_was_overturned_on_one_line_does_not_close_another(tmp_path: Path) -> None:
    tell(tmp_path, "one", Found("x", "A", "10.00"), Found("x", "A", "10.00", line=3))
    dispose(tmp_path, ("x A 2", "overturned", ""))
    told = tell(tmp_path, "two", Found("x", "B", "10.00", line=3), replaced=LINK)
    assert told.statuses == {"x A 2": "closed", "x A 3": "superseded", "x B 3": "open"}


def test_what_was_recovered_on_one_line_closes_no_other_under_another_rule(tmp_path: Path) -> None:
    tell(tmp_path, "one", Found("x", "A", "10.00"), Found("x", "A", "10.00", line=3))
    dispose(tmp_path, ("x A 2", "recovered", "10.00"))
    told = tell(tmp_path, "two", Found("y", "B", "10.00", line=3), replaced=LINK)
    assert told.statuses["y B 3"] == "new"
    told = tell(tmp_path, "three", Found("y", "B", "10.00"), Found("y", "B", "10.00", line=3), replaced=LINK)
    assert (told.statuses["y B 2"], told.statuses["y B 3"]) == ("closed", "open")


def test_two_claims_that_one_replaces_are_matched_each_by_itself(tmp_path: Path) -> None:
    tell(tmp_path, "one", Found("x", "A", "10.00", line=3), Found("x", "C", "10.00", line=2))
    links = (*LINK, ("C", "B", False, True))
    told = tell(tmp_path, "two", Found("x", "B", "10.00"), Found("x", "B", "10.00", line=3), replaced=links)
    assert heirs(told) == {finding_id("x", "B", 3): finding_id("x", "A", 3), finding_id("x", "B"): finding_id("x", "C")}


def test_a_line_that_took_the_number_of_another_does_not_take_its_recovery(tmp_path: Path) -> None:
    """The claim was sent again with one of its two lines, now under the number of the other."""
    tell(tmp_path, "one", Found("x", "A", "10.00"), Found("x", "A", "10.00", line=3, code="A4223"))
    dispose(tmp_path, ("x A 3", "recovered", "10.00"))
    told = tell(tmp_path, "two", Found("x", "B", "10.00", line=3), replaced=LINK)
    assert told.statuses["x B 3"] == "open"
    assert told.road["x B 3"] == {"identified": "10.00", "outstanding": "10.00"}


def test_what_was_recovered_on_a_line_is_not_recovered_on_the_one_that_took_its_number(tmp_path: Path) -> None:
    """Another rule finds the lines of the new claim; the code tells which of them the recovery was on."""
    tell(tmp_path, "one", Found("x", "A", "10.00"))
    dispose(tmp_path, ("x A 2", "recovered", "10.00"))
    new = (Found("y", "B", "10.00", code="A4223"), Found("y", "B", "10.00", line=3))
    told = tell(tmp_path, "two", *new, replaced=LINK)
    assert (told.statuses["y B 2"], told.statuses["y B 3"]) == ("new", "closed")
    assert told.total("recovered") == 10


def test_a_verdict_that_a_replacement_inherits_counts_once(tmp_path: Path) -> None:
    tell(tmp_path, "one", Found("x", "A", "10.00"))
    dispose(tmp_path, ("x A 2", "upheld", ""))
    tell(tmp_path, "two", Found("x", "B", "10.00"), replaced=LINK)
    counts = "upheld_count, overturned_count, decided_count"
    query = f"select {counts} from '{tmp_path / 'two' / 'rule_standing.parquet'}' where rule = 'x'"
    assert duckdb.sql(query).fetchall() == [(1, 0, 1)]
