"""A hand-out as a workbook: money as numbers, dates as dates, claims' text never a formula, ready to print."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from audit_lib.errors import USAGE, AuditError
from audit_lib.handout.method import Fact
from audit_lib.handout.sheets import Column, FilledSheet, Kind, Sheet
from audit_lib.safe_text import begins_like_formula, cell_text
from audit_lib.whole_files import close_workbook

_MOST_ROWS = 1_048_576
_HEADER_ROW = 2
_FIRST_YEAR = 1900  # spreadsheets know no earlier date
_NUMBERS = {"amount": "$#,##0.00", "count": "#,##0", "units": "#,##0.###", "date": "yyyy-mm-dd", "position": "0"}
_LEFT = ("date", "position", "text")
_LINE_HEIGHT = 15.0
_TALLEST_ROW = 409.0
_LETTER_PAPER = 1
_LONGEST_FOOTER_NAME = 60
_TOTAL_LOOKS = {"text": "bold", "amount": "bold_amount", "count": "bold_count"}
_HEADER = {"bold": True, "text_wrap": True, "bg_color": "#DCE6F1", "bottom": 1}


class Workbook:
    """One workbook being written; it says nothing of who wrote it, and the same content gives the same bytes."""

    def __init__(self, path: Path, title: str, made_at: datetime, provider_id: str) -> None:
        self._book = xlsxwriter.Workbook(str(path), {"tmpdir": str(path.parent)})
        self._book.set_properties(
            {"title": title, "author": "", "company": "", "created": made_at.replace(tzinfo=None)}
        )
        self._title, self._provider_id = title, provider_id
        self._formats = {kind: self._format(num_format=number, **_aligned(kind)) for kind, number in _NUMBERS.items()}
        self._headers = {kind: self._format(**_HEADER, **_aligned(kind)) for kind in [*_NUMBERS, "text"]}
        self._formats |= {
            "text": self._format(text_wrap=True, align="left", indent=1),
            "quoted": self._format(text_wrap=True, align="left", indent=1, quote_prefix=True),
            "total": self._book.add_format({"bold": True}),
            "title": self._book.add_format({"bold": True, "font_size": 14}),
            "caption": self._book.add_format({"italic": True}),
            "bold": self._format(bold=True, text_wrap=True),
            "fact_amount": self._format(bold=True, num_format=_NUMBERS["amount"], align="left"),
            "bold_amount": self._format(bold=True, num_format=_NUMBERS["amount"], top=1),
            "bold_count": self._format(bold=True, num_format=_NUMBERS["count"], top=1),
        }

    def _format(self, **properties: Any) -> Format:
        return self._book.add_format({"valign": "top", **properties})

    def close(self) -> None:
        """Write the file. Raises OSError where it cannot be written."""
        close_workbook(self._book)

    def add_front(self, facts: Sequence[Fact], filled: FilledSheet, notes: Sequence[Fact]) -> None:
        """Add the first sheet: the facts, the table of what is demanded with its total if there is any, what is not."""
        page = self._page(filled.sheet)
        page.write_string(0, 0, self._title, self._formats["title"])
        row = 2
        for name, value in facts:
            page.write_string(row, 0, name, self._formats["bold"])
            self._write_value(page, row, 1, value, self._formats["fact_amount"] if isinstance(value, Decimal) else None)
            row += 1
        row = self._add_summary_table(page, row + 1, filled) if filled.rows else row + 1
        for name, value in notes:
            page.write_string(row, 0, name, self._formats["text"])
            self._write_value(page, row, len(filled.sheet.columns) - 1, value)
            row += 1

    def _add_summary_table(self, page: Worksheet, row: int, filled: FilledSheet) -> int:
        for place, column in enumerate(filled.sheet.columns):
            page.write_string(row, place, column.heading, self._headers[column.kind])
        last = len(filled.rows) - 1
        for offset, values in enumerate(filled.rows):
            page.set_row(row + 1 + offset, _height(filled.sheet.columns, values))
            for place, (column, value) in enumerate(zip(filled.sheet.columns, values, strict=True)):
                look = self._formats[_TOTAL_LOOKS[column.kind]] if offset == last else None
                self._write(page, row + 1 + offset, place, column, value, look)
        return row + len(filled.rows) + 2

    def add_table(self, filled: FilledSheet) -> None:
        """Add a sheet of one table. Raises AuditError (2) where it has more rows than a sheet can hold."""
        sheet, last = filled.sheet, _HEADER_ROW + len(filled.rows)
        if last >= _MOST_ROWS:
            raise AuditError(
                USAGE,
                f"A sheet holds at most {_MOST_ROWS:,} rows, and {sheet.title} of one provider has "
                f"{len(filled.rows):,}. Use --format csv or --format parquet.",
            )
        page = self._page(sheet)
        page.write_string(0, 0, sheet.caption, self._formats["caption"])
        for place, column in enumerate(sheet.columns):
            page.write_string(_HEADER_ROW, place, column.heading, self._headers[column.kind])
        for row, values in enumerate(filled.rows, start=_HEADER_ROW + 1):
            page.set_row(row, _height(sheet.columns, values))
            for place, (column, value) in enumerate(zip(sheet.columns, values, strict=True)):
                self._write(page, row, place, column, value)
        page.freeze_panes(_HEADER_ROW + 1, 2)
        page.repeat_rows(_HEADER_ROW)
        page.autofilter(_HEADER_ROW, 0, max(last, _HEADER_ROW + 1), len(sheet.columns) - 1)
        self._add_total(page, filled, last)

    def _add_total(self, page: Worksheet, filled: FilledSheet, last: int) -> None:
        names = [column.name for column in filled.sheet.columns]
        page.print_area(0, 0, last, names.index(filled.sheet.printed_through))
        if not filled.sheet.total:
            return
        place = names.index(filled.sheet.total)
        total = sum((values[place] for values in filled.rows), Decimal("0.00"))
        letter = xlsxwriter.utility.xl_col_to_name(place)
        # 109: the sum of what a filter leaves to be seen.
        formula = f"=SUBTOTAL(109,{letter}{_HEADER_ROW + 2}:{letter}{max(last, _HEADER_ROW + 1) + 1})"
        page.write_string(1, 0, "Total of the rows shown", self._formats["total"])
        page.write_formula(1, place, formula, self._formats["bold_amount"], float(total))

    def _page(self, sheet: Sheet) -> Worksheet:
        page = self._book.add_worksheet(sheet.title)
        for place, column in enumerate(sheet.columns):
            page.set_column(place, place, column.width)
        page.set_landscape()
        page.set_paper(_LETTER_PAPER)
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.fit_to_pages(1, 0)
        page.hide_gridlines(1)
        name = self._provider_id[:_LONGEST_FOOTER_NAME].replace("&", "&&")
        page.set_footer(f"&L{name}&C{sheet.title}&RPage &P of &N")
        return page

    def _write_value(self, page: Worksheet, row: int, place: int, value: Any, look: Format | None = None) -> None:
        kinds: dict[type, Kind] = {Decimal: "amount", int: "position", date: "date"}
        self._write(page, row, place, Column("", "", kinds.get(type(value), "text"), 0), value, look)

    def _write(
        self, page: Worksheet, row: int, place: int, column: Column, value: Any, look: Format | None = None
    ) -> None:
        look = look or self._formats[column.kind]
        if value is None:
            page.write_blank(row, place, None, look)
        elif column.kind == "date" and value.year >= _FIRST_YEAR:
            page.write_datetime(row, place, datetime(value.year, value.month, value.day), look)
        elif column.kind in ("amount", "count", "units", "position"):
            page.write_number(row, place, float(value), look)
        else:
            text = cell_text(str(value))
            page.write_string(row, place, text, self._formats["quoted"] if begins_like_formula(text) else look)


def _aligned(kind: str) -> dict[str, Any]:
    return {"align": "left", "indent": 1} if kind in _LEFT else {"align": "right"}


def _height(columns: Sequence[Column], values: Sequence[Any]) -> float:
    """Return the height that shows the row's longest text whole: not every program works it out for itself."""
    lines = [
        len(textwrap.wrap(value, column.width - 2))
        for column, value in zip(columns, values, strict=True)
        if isinstance(value, str)
    ]
    return min(max([1, *lines]) * _LINE_HEIGHT, _TALLEST_ROW)
