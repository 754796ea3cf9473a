"""Files that reviewers fill in: what a spreadsheet does to them is read as it was meant, or named and not recorded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from audit_lib.cli import main
from audit_lib.errors import AuditError
from audit_lib.ledger.dispositions import COLUMNS, import_dispositions
from audit_lib.ledger.review_files import Imported
from audit_lib.ledger.store import open_ledger
from tests.ledger_rows import Found, finding_id, tell

FINDING = finding_id("x", "A", 2)
LATER = date(2025, 12, 1)
# What a list of findings holds when its header was sorted away: nothing of it may be said.
A_ROW = ["0f3a9c1d2e4b5a67", "CLM-88017", "MBR-55501", "123456789", "2025-08-03", "42.50", "recovered"]
Import = Callable[[Path], Imported]


@pytest.fixture
def import_file(tmp_path: Path) -> Import:
    """Return a function that imports a file into a ledger that has seen one finding of 1,300.00 dollars."""
    tell(tmp_path, "one", Found("x", "A", "1300.00"))

    def run(path: Path) -> Imported:
        with open_ledger(tmp_path / "ledger.duckdb") as ledger:
            return import_dispositions(ledger, path, LATER)

    return run


def _recovered(place: Path) -> list[Decimal]:
    with open_ledger(place / "ledger.duckdb") as ledger:
        return [row[0] for row in ledger.rows("select recovered_amount from ledger.dispositions order by all")]


def _csv(place: Path, amount: str, *more: str, reason: str = "why", name: str = "d.csv") -> Path:
    path = place / name
    row = [FINDING, "recovered", "2025-10-01", "C-1", amount, reason, "ann", *more]
    path.write_text(",".join(COLUMNS) + "\n" + ",".join(row) + "\n", "utf-8")
    return path


def _workbook(place: Path, *rows: list[object]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(place / "d.xlsx")
    return place / "d.xlsx"


@pytest.mark.parametrize("amount", ["40", "40.0", "$40.00", "040.00"])
def test_an_amount_that_is_written_otherwise_is_no_second_recovery(
    import_file: Import, tmp_path: Path, amount: str
) -> None:
    assert import_file(_csv(tmp_path, "40.00")).recorded_count == 1
    again = import_file(_csv(tmp_path, amount))
    assert (again.recorded_count, again.known_count, _recovered(tmp_path)) == (0, 1, [Decimal("40.00")])


def test_a_workbook_and_its_copy_as_csv_are_one_file(import_file: Import, tmp_path: Path) -> None:
    row = [FINDING, "recovered", date(2025, 10, 1), "C-1", 40.00, "why", "ann"]
    assert import_file(_workbook(tmp_path, [*COLUMNS], row)).recorded_count == 1
    assert import_file(_csv(tmp_path, "40.00")).known_count == 1


def test_rows_that_say_the_same_are_as_many_as_the_file_with_most_of_them(import_file: Import, tmp_path: Path) -> None:
    once = _csv(tmp_path, "40.00")
    twice = tmp_path / "twice.csv"
    twice.write_text(once.read_text("utf-8") + once.read_text("utf-8").splitlines()[1] + "\n", "utf-8")
    counts = [(done.recorded_count, done.known_count) for done in map(import_file, [once, twice, twice, once])]
    assert counts == [(1, 0), (1, 1), (0, 2), (0, 1)]


def test_a_recovery_that_is_told_again_with_another_reason_is_counted_as_such(
    import_file: Import, tmp_path: Path
) -> None:
    assert import_file(_csv(tmp_path, "40.00")).repeated_count == 0
    assert import_file(_csv(tmp_path, "40.00", reason="offset of May")).repeated_count == 1
    assert import_file(_csv(tmp_path, "50.00", reason="offset of June")).repeated_count == 0


@pytest.mark.parametrize(
    ("path_of", "said"),
    [
        # 1,250.00 without quotation marks is two cells, and each value after it stands in another's place.
        (lambda place: _csv(place, "1,250.00"), "row 1 has more cells than the header has names"),
        (lambda place: _csv(place, "40.00", reason="paid, by check"), "row 1 has more cells than the header has names"),
        (lambda place: _csv(place, '"1,50"'), "row 1, recovered_amount must be an amount in dollars and cents"),
        (lambda place: _csv(place, '"12,34.00"'), "row 1, recovered_amount must be an amount in dollars and cents"),
        (lambda place: _csv(place, "9" * 17), "row 1, recovered_amount must be an amount in dollars and cents"),
        (lambda place: _csv(place, "9" * 15), "row 1, recovered_amount makes more than was ever in question"),
        (
            lambda place: _workbook(
                place, [*COLUMNS], [FINDING, "upheld", "2025-10-01 to 2025-11-30", "", "", "why", "ann"]
            ),
            "row 1, disposition_date must be a date written as YYYY-MM-DD",
        ),
    ],
)
def test_what_could_be_read_in_two_ways_is_named_and_not_recorded(
    import_file: Import, tmp_path: Path, path_of: Callable[[Path], Path], said: str
) -> None:
    path = path_of(tmp_path)
    with pytest.raises(AuditError, match=said) as refused:
        import_file(path)
    assert (refused.value.exit_code, _recovered(tmp_path)) == (2, [])


def test_thousands_and_empty_cells_beyond_the_header_are_read(import_file: Import, tmp_path: Path) -> None:
    assert import_file(_csv(tmp_path, '"$1,250.00"', "", "")).recorded_count == 1
    assert _recovered(tmp_path) == [Decimal("1250.00")]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_row_in_the_place_of_the_header_is_not_quoted(
    import_file: Import, tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if kind == "csv":
        path = tmp_path / "d.csv"
        path.write_text(",".join(A_ROW) + "\n" + ",".join(COLUMNS) + "\n", "utf-8")
    else:
        path = _workbook(tmp_path, [*A_ROW], [*COLUMNS])
    assert main(["disposition", str(path), "--ledger", str(tmp_path / "ledger.duckdb")]) == 2
    said = capsys.readouterr().err
    assert "its first row names none of the columns that it must have" in said
    assert [value for value in A_ROW if value in said and value != "recovered"] == []


def test_a_column_that_is_misnamed_is_named_with_the_nearest(import_file: Import, tmp_path: Path) -> None:
    path = _csv(tmp_path, "40.00")
    path.write_text(path.read_text("utf-8").replace("disposition_date", "dispositon_date"), "utf-8")
    with pytest.raises(AuditError, match=r"no column is named dispositon_date.*disposition_date"):
        import_file(path)


@pytest.mark.parametrize(
    ("before", "after", "outranked"),
    [("05 overturned", "05 disputed", 1), ("05 disputed", "05 overturned", 0), ("05 upheld", "05 overturned", 0),
     ("05 overturned", "04 upheld", 1), ("05 overturned", "06 disputed", 0), ("05 noticed", "05 disputed", 0)],
)  # fmt: skip
def test_what_does_not_stand_over_what_was_recorded_is_counted(
    import_file: Import, tmp_path: Path, before: str, after: str, outranked: int
) -> None:
    counts = []
    for text in (before, after):
        day, disposition = text.split()
        path = tmp_path / f"{disposition}.csv"
        path.write_text(f"{','.join(COLUMNS)}\n{FINDING},{disposition},2025-10-{day},,,why,ann\n", "utf-8")
        counts.append(import_file(path).outranked_count)
    assert counts == [0, outranked]
