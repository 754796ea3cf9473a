"""Review samples: lines of each rule drawn for reviewers to judge, and their verdicts coming back."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import pyarrow as pa
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from audit_lib.database import open_connection
from audit_lib.errors import USAGE, AuditError
from audit_lib.ledger.review_files import Imported, ParsedRow, check_columns, parsed_rows, read_filled, written_day
from audit_lib.ledger.store import Ledger
from audit_lib.pipeline import load_steps, run_steps
from audit_lib.progress import Progress
from audit_lib.resources import folder
from audit_lib.run import Run
from audit_lib.small_tables import create_table
from audit_lib.whole_files import close_workbook, new_file

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

TO_FILL = ["verdict", "verdict_date", "reason", "user"]
_KEYS = ["rule", "rule_version", "stratum", "stratum_size", "claim_id", "claim_line_number"]
_CONTEXT = {
    "provider_id", "hcpcs_code", "claim_line_start_date", "paid_amount", "outcome", "amount", "finding_reason",
    "related_claim_id", "related_claim_line_number",
}  # fmt: skip
_TYPES = {
    "verdict_key": pa.string(), "rule": pa.string(), "rule_version": pa.int64(), "claim_id": pa.string(),
    "claim_line_number": pa.int64(), "stratum": pa.string(), "stratum_size": pa.int64(), "is_agreed": pa.bool_(),
    "verdict_date": pa.date32(), "reason": pa.string(), "recorded_by": pa.string(), "source_name": pa.string(),
}  # fmt: skip
_TEXT_AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class Verdict(BaseModel):
    """One filled row of a sample."""

    model_config = ConfigDict(extra="forbid")
    rule: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    rule_version: int = Field(ge=1)
    stratum: Literal["finding", "pass"]
    stratum_size: int = Field(ge=1)
    claim_id: str = Field(min_length=1)
    claim_line_number: int
    verdict: Literal["agree", "disagree"]
    verdict_date: Annotated[date, BeforeValidator(written_day)]
    reason: str = ""
    user: str = Field(min_length=1)


def write_sample(run: Run, per_rule: int, seed: int, out: Path) -> int:
    """Write a workbook with `per_rule` findings and as many passes of each rule, and return how many lines it holds.

    The first sheet is filled in by reviewers: verdict (agree, disagree), verdict_date, reason, user.
    Raises AuditError: 2 where the file is there already, 14 where it cannot be written.
    """
    if out.suffix.lower() != ".xlsx":
        raise AuditError(USAGE, f"--out must name a workbook (.xlsx), and {out} does not.")
    table = _drawn(run, per_rule, seed)
    with new_file(out) as partial:
        _write_workbook(partial, run, table)
    return int(table.num_rows)


def import_verdicts(ledger: Ledger, path: Path, as_of: date) -> Imported:
    """Record the filled rows of a sample, all or none; what was imported before is not repeated.

    Raises AuditError (2) naming every wrong row.
    """
    file = read_filled(path)
    check_columns(file, [*_KEYS, "verdict", "verdict_date", "user"], {*_KEYS, *TO_FILL, *_CONTEXT})
    filled = [row for row in file.rows if row.values.get("verdict")]
    parsed = parsed_rows(path, filled, Verdict, [*_KEYS, *TO_FILL], "verdict_date", as_of)
    entries = [_entry(row, path.name) for row in parsed]
    known = {str(row[0]) for row in ledger.rows("select verdict_key from ledger.verdicts")}
    new = [entry for entry in entries if entry["verdict_key"] not in known]
    ledger.connection.execute("drop table if exists memory.main.new_verdicts")
    create_table(ledger.connection, "new_verdicts", _TYPES, new)
    with ledger.transaction():
        ledger.connection.execute(
            """
            insert into ledger.verdicts
            select
                (select coalesce(max(verdict_number), 0) from ledger.verdicts) + row_number() over (order by rowid), *
            from new_verdicts order by rowid
            """
        )
    return Imported(len(new), len(entries) - len(new), len(file.rows) - len(filled))


def _drawn(run: Run, per_rule: int, seed: int) -> pa.Table:
    connection = open_connection(run.settings, readable=[run.folder])
    try:
        for name in ("line_outcomes", "findings"):
            connection.read_parquet(str(run.folder / f"{name}.parquet")).create_view(name)
        sizes = {"size": per_rule, "seed": seed}
        connection.execute("create table sample_size as select $size as lines_per_stratum, $seed as seed", sizes)
        run_steps(connection, list(load_steps(folder("sql") / "validation").values()), Progress(is_quiet=True))
        order = "rule, stratum, claim_id, claim_line_number"
        return connection.table("review_sample").order(order).to_arrow_table()
    finally:
        connection.close()


def _write_workbook(out: Path, run: Run, table: pa.Table) -> None:
    """Write text as text: an identifier keeps its zeros, and a value that begins with = is no formula."""
    from xlsxwriter import Workbook

    columns, last_row = [*table.column_names, *TO_FILL], max(table.num_rows, 1)
    book = Workbook(str(out), {"in_memory": True, **_TEXT_AS_TEXT})
    book.set_properties({"created": datetime.fromisoformat(run.manifest["created_at"]).replace(tzinfo=None)})
    sheet = book.add_worksheet("review sample")
    sheet.write_row(0, 0, columns, book.add_format({"bold": True, "bg_color": "#e3e8ec"}))
    _write_rows(book, sheet, table)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last_row, len(columns) - 1)
    sheet.set_column(0, len(columns) - 1, 16)
    verdict = columns.index("verdict")
    choices = {"validate": "list", "source": ["agree", "disagree"]}
    sheet.data_validation(1, verdict, last_row, verdict, choices)
    close_workbook(book)


def _write_rows(book: Workbook, sheet: Worksheet, table: pa.Table) -> None:
    money, day = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(table.to_pylist(), start=1):
        for place, value in enumerate(row.values()):
            if isinstance(value, Decimal):
                sheet.write_number(number, place, float(value), money)
            elif isinstance(value, date):
                sheet.write_datetime(number, place, datetime(value.year, value.month, value.day), day)
            elif isinstance(value, str):
                sheet.write_string(number, place, value)
            elif value is not None:
                sheet.write_number(number, place, value)


def _entry(row: ParsedRow[Verdict], source: str) -> dict[str, Any]:
    values = row.values.model_dump(exclude={"user", "verdict"})
    key = hashlib.sha256(f"{row.content}#{row.repetition}".encode()).hexdigest()[:16]
    is_agreed = row.values.verdict == "agree"
    return {
        **values, "is_agreed": is_agreed, "recorded_by": row.values.user, "verdict_key": key, "source_name": source,
    }  # fmt: skip
