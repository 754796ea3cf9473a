"""Lost files: what is said where not one row of a claims file can be read. That is no bad row, but a wrong layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb

from audit_lib.claims.layouts import Layout, contract_columns, kinds, shipped_layouts
from audit_lib.claims.sources import SourceFile
from audit_lib.errors import BAD_CLAIMS, AuditError
from audit_lib.resources import page
from audit_lib.words import count, some, verb

_SHOWN = 3


@dataclass
class _Cause:
    """Why rows cannot be read: in how many, and in which columns, where it is a column's fault."""

    why: str
    row_count: int = 0
    columns: list[str] = field(default_factory=list)

    @property
    def is_of_dates(self) -> bool:
        return bool(self.why == kinds()["date"]["reason"])

    def said(self) -> str:
        first, others = self.columns[:1], self.columns[1:]
        likewise = [f"; likewise {some(others, _SHOWN)}"] if others else []
        return f"In {count(self.row_count, 'row')}: {' '.join([*first, self.why])}{''.join(likewise)}"


def all_rejected(
    connection: duckdb.DuckDBPyConnection, files: Sequence[SourceFile], layout: Layout, is_all: bool
) -> AuditError:
    """Return the error for files of which every row is in `rejected_rows`; `is_all`: no other file can be read."""
    labels = [file.label for file in files]
    which = (
        f"The claims file {labels[0]} was opened, but not one of its"
        if len(files) == 1
        else f"The {len(files)} claims files ({some(labels)}) were opened, but not one of their"
    )
    causes = _causes(connection, labels)
    more = (
        _of_dates(causes[0], layout) if [c.is_of_dates for c in causes] == [True] else _of_any(causes, layout, is_all)
    )
    rows = count(sum(file.record_count for file in files), "row")
    return AuditError(BAD_CLAIMS, f"{which} {rows} can be read with the layout {layout.name}. {more}")


def _causes(connection: duckdb.DuckDBPyConnection, labels: list[str]) -> list[_Cause]:
    """Take apart what is said of the rows, so that each cause is told once; the one of most rows first."""
    reasons = connection.execute(
        """
        select reason, count(*) as row_count from rejected_rows where list_contains($labels, source_file)
        group by reason order by row_count desc, reason
        """,
        {"labels": labels},
    ).fetchall()
    names = {column.name for column in contract_columns()}
    causes: dict[str, _Cause] = {}
    for reason, row_count in reasons:
        told = set()
        for part in reason.split("; "):
            name, _, rest = part.partition(" ")
            why = rest if name in names else part
            cause = causes.setdefault(why, _Cause(why))
            cause.columns += [name] if name in names and name not in cause.columns else []
            cause.row_count += 0 if why in told else row_count
            told.add(why)
    return sorted(causes.values(), key=lambda cause: -cause.row_count)


def _of_dates(cause: _Cause, layout: Layout) -> str:
    reading = "`reading: {date_format: '%m/%d/%Y'}`"
    lines = (
        f"give --layout a file of two lines, `based_on: {layout.name}` and {reading}, which reads"
        if layout.name in shipped_layouts()
        else f"write {reading} into the layout, which reads"
    )
    return (
        "A date must be written year first, as 2025-08-31 or 20250831, and lie between 1900 and 2099; "
        f"{some(cause.columns, _SHOWN)} {verb(len(cause.columns), 'is', 'are')} written otherwise in "
        f"{count(cause.row_count, 'row')}. Have the dates delivered so, or {lines} month, day, year ('%d/%m/%Y' reads "
        f"the day first; {page('layouts.md')})."
    )


def _of_any(causes: list[_Cause], layout: Layout, is_all: bool) -> str:
    hint = f"Correct the layout, or the extract ({page('layouts.md')})."
    if is_all and layout.name in shipped_layouts():
        hint = (
            "Another layout may fit (--layout tuva reads member and dates where Tuva keeps them), or write one that "
            f"says where these columns are ({page('layouts.md')})."
        )
    return f"{'. '.join(cause.said() for cause in causes[:_SHOWN])}. {hint}"
