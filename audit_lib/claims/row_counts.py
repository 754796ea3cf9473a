"""How many rows the source holds and what became of them: every row is accounted for, or the run ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from audit_lib.claims.layouts import Layout
from audit_lib.claims.lost_files import all_rejected
from audit_lib.claims.sources import SourceFile
from audit_lib.errors import BAD_CLAIMS, AuditError
from audit_lib.words import count


@dataclass(frozen=True)
class RowCounts:
    """Rows of the source; `read + rejected + left_out == source` always.

    `left_out` are those of files out of the period's reach that bear on no line within it.
    """

    source: int
    read: int
    rejected: int
    left_out: int = 0

    def said(self) -> str:
        """Return the counts in words."""
        far = f", {self.left_out:,} out of the period's reach left out" if self.left_out else ""
        return f"{count(self.read, 'row')} read, {self.rejected:,} rejected{far}"


def check_counts(
    connection: duckdb.DuckDBPyConnection, files: Sequence[SourceFile], layout: Layout, counts: RowCounts
) -> None:
    """Refuse a source without rows, with rows that are unaccounted for, or with a file of which not one can be read.

    Among other files one that is lost whole is a small share; but what it voids, reverses or excuses is lost with it.
    """
    if counts.source == 0:
        raise AuditError(
            BAD_CLAIMS,
            f"{labels_of(files)} has a header but holds no claim line. "
            "Check the extract; an audit needs a row at least.",
        )
    if counts.read + counts.rejected + counts.left_out != counts.source:
        raise AuditError(
            BAD_CLAIMS,
            f"{labels_of(files)} holds {count(counts.source, 'row')}, but {counts.read:,} were read, "
            f"{counts.rejected:,} rejected and {counts.left_out:,} left out as far from the period: its "
            "quotation marks or line ends are damaged, or it changed while it was read. Have it delivered again.",
        )
    if lost := files if counts.read == 0 else _lost(connection, files):
        raise all_rejected(connection, lost, layout, counts.read == 0)


def _lost(connection: duckdb.DuckDBPyConnection, files: Sequence[SourceFile]) -> Sequence[SourceFile]:
    """Return the files that hold rows of which none can be read; a single row is a bad row, as elsewhere."""
    rejected = dict(connection.execute("select source_file, count(*) from rejected_rows group by all").fetchall())
    return [file for file in files if file.record_count > 1 and file.record_count == rejected.get(file.label)]


def labels_of(files: Sequence[SourceFile]) -> str:
    """Name the files as a message begins: the one file, or how many there are."""
    return f"The claims file {files[0].label}" if len(files) == 1 else f"The {len(files)} claims files"
