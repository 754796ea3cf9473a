"""Dispositions: what became of findings, as reviewers filled it in; imported all at once, kept, never changed."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from audit_lib.errors import USAGE, AuditError
from audit_lib.holds import place_hold
from audit_lib.ledger.review_files import (
    FilledRow,
    Imported,
    ParsedRow,
    check_columns,
    parsed_rows,
    read_filled,
    written_day,
)
from audit_lib.ledger.store import Ledger
from audit_lib.pipeline import load_steps, ordered, run_steps
from audit_lib.progress import Progress
from audit_lib.resources import folder
from audit_lib.settings_rows import refuse_rows
from audit_lib.small_tables import create_table

COLUMNS = ["finding_id", "disposition", "disposition_date", "case_number", "recovered_amount", "reason", "user"]
# What an export of findings holds beside the columns to fill: it may stay in the file.
CONTEXT = {
    "rule", "rule_version", "rule_title", "outcome", "claim_id", "claim_line_number", "member_id", "provider_id",
    "provider_name", "claim_line_start_date", "claim_line_end_date", "paid_date", "hcpcs_code", "paid_amount", "amount",
    "service_unit_quantity", "finding_reason", "policy_section", "related_claim_id", "related_claim_line_number",
    "decided_outcome", "decided_amount", "changed_by", "policy_text", "line_of_business", "place_of_service_code",
    "modifiers", "allowed_amount", "status", "first_seen_date", "net_overpaid_amount", "net_review_amount",
    "case_key", "recovery_status", "recover_by_date", "change", "change_reason", "is_open",
    "contingent_overpaid_amount", "inherits_from_finding_id",
}  # fmt: skip
_TYPES = {
    "file_order": pa.int64(), "disposition_key": pa.string(), "finding_id": pa.string(), "disposition": pa.string(),
    "disposition_date": pa.date32(), "case_number": pa.string(), "recovered_amount": pa.decimal128(18, 2),
    "reason": pa.string(), "recorded_by": pa.string(), "source_name": pa.string(),
}  # fmt: skip
# Where a line stands is asked of the ledger alone: no run is weighed while a file is imported.
_NO_RUN = {
    "this_run": "select null::bigint as run_number",
    "run_sightings": "from ledger.sightings limit 0",
    "new_inheritances": "from ledger.inheritances limit 0",
    "replaced_claims": "from ledger.claim_replacements limit 0",
}


def _written_amount(value: object) -> object:
    if not re.fullmatch(r"-?\$?-?(\d{1,3}(,\d{3}){1,4}|\d{1,15})(\.\d{1,2})?", str(value)):
        raise ValueError("must be an amount in dollars and cents, such as 1,250.00 or -40")
    return Decimal(re.sub("[$,]", "", str(value))).quantize(Decimal("0.01"))


class Disposition(BaseModel):
    """One filled row."""

    model_config = ConfigDict(extra="forbid")
    finding_id: str = Field(pattern=r"^[0-9a-f]{16}$")
    disposition: Literal["records_requested", "noticed", "disputed", "upheld", "overturned", "recovered", "written_off"]
    disposition_date: Annotated[date, BeforeValidator(written_day)]
    case_number: str = ""
    recovered_amount: Annotated[Decimal | None, BeforeValidator(_written_amount), Field(max_digits=18)] = None
    reason: str = Field(min_length=1)
    user: str = Field(min_length=1)

    @model_validator(mode="after")
    def _amount_belongs_to_recovered(self) -> Self:
        if self.disposition == "recovered" and not self.recovered_amount:
            raise ValueError("recovered_amount must be given for recovered")
        if self.disposition != "recovered" and self.recovered_amount is not None:
            raise ValueError("recovered_amount must be empty unless the disposition is recovered")
        return self


def import_dispositions(ledger: Ledger, path: Path, as_of: date) -> Imported:
    """Record the filled rows of a CSV file or workbook, all or none; what was imported before is not repeated.

    The runs in which the findings were last seen are put on hold. Raises AuditError (2) naming every wrong row.
    """
    file = read_filled(path)
    check_columns(file, [c for c in COLUMNS if c not in ("case_number", "recovered_amount")], {*COLUMNS, *CONTEXT})
    filled = [row for row in file.rows if row.values.get("disposition")]
    parsed = parsed_rows(path, filled, Disposition, COLUMNS, "disposition_date", as_of)
    known = _recorded(ledger)
    times = Counter(one.content for one in known)
    new = [(row.number, _entry(row, path.name)) for row in parsed if row.repetition > times[row.content]]
    _load(ledger, [entry for _, entry in new])
    _check_findings(ledger, path, new)
    _check_reasons(ledger, path, new)
    _check_recoveries(ledger, path, new)
    _hold_runs(ledger)
    outranked = ledger.rows("select count(*) from outranked_rows")[0][0]
    with ledger.transaction():
        ledger.connection.execute("insert into ledger.dispositions from disposition_rows order by disposition_number")
    repeated = _repeated_count(known, [entry for _, entry in new])
    return Imported(len(new), len(parsed) - len(new), len(file.rows) - len(filled), int(outranked), repeated)


def _load(ledger: Ledger, new: list[dict[str, Any]]) -> None:
    """Create `new_dispositions` and what `sql/dispositions` says of the findings that it names."""
    wanted = sorted(load_steps(folder("sql") / "dispositions"))
    steps = load_steps(folder("sql") / "ledger", folder("sql") / "dispositions")
    in_order = ordered({name: step for name, step in steps.items() if name not in _NO_RUN}, wanted)
    for name in ["new_dispositions", *_NO_RUN, *(step.name for step in in_order)]:
        ledger.connection.execute(f"drop table if exists memory.main.{name}")
    rows = [{"file_order": order, **entry} for order, entry in enumerate(new, start=1)]
    create_table(ledger.connection, "new_dispositions", _TYPES, rows)
    for name, query in _NO_RUN.items():
        ledger.connection.execute(f"create table memory.main.{name} as {query}")
    run_steps(ledger.connection, in_order, Progress(is_quiet=True))


def _recorded(ledger: Ledger) -> list[ParsedRow[Disposition]]:
    """Return the dispositions of the ledger as a file would tell them."""
    names = [name for name in COLUMNS if name != "user"]
    rows = ledger.rows(f"select {', '.join(names)}, recorded_by from ledger.dispositions")  # noqa: S608 - our columns
    told = [
        FilledRow(number, {name: str(value) for name, value in zip(COLUMNS, row, strict=True) if value is not None})
        for number, row in enumerate(rows, start=1)
    ]
    return parsed_rows(ledger.path, told, Disposition, COLUMNS, "disposition_date", date.max)


def _entry(row: ParsedRow[Disposition], source: str) -> dict[str, Any]:
    """Return a row of the ledger. Its key is its content and, for rows that say the same, which one it is."""
    values = row.values.model_dump(exclude={"user"})
    key = hashlib.sha256(f"{row.content}#{row.repetition}".encode()).hexdigest()[:16]
    return {**values, "recorded_by": row.values.user, "disposition_key": key, "source_name": source}


def _repeated_count(known: list[ParsedRow[Disposition]], new: list[dict[str, Any]]) -> int:
    """Count new recoveries of an amount that was recorded on the same finding and day with another text beside it."""
    recoveries = {
        (one.values.finding_id, one.values.disposition_date, one.values.recovered_amount)
        for one in known
        if one.values.recovered_amount
    }
    return sum((one["finding_id"], one["disposition_date"], one["recovered_amount"]) in recoveries for one in new)


def _check_findings(ledger: Ledger, path: Path, new: list[tuple[int, dict[str, Any]]]) -> None:
    first_days = dict(ledger.rows("select finding_id, claim_line_start_date from disposed_findings"))
    problems = []
    for number, entry in new:
        if entry["finding_id"] not in first_days:
            problems.append(f"row {number}, finding_id is none that this ledger has seen")
        elif entry["disposition_date"] < first_days[entry["finding_id"]]:
            problems.append(f"row {number}, disposition_date must not be earlier than the first day of service")
    refuse_rows(path, problems)


def _check_reasons(ledger: Ledger, path: Path, new: list[tuple[int, dict[str, Any]]]) -> None:
    """Refuse a rule's sentence in the place of a reviewer's reason: lists of findings have a column `reason` too."""
    said: set[tuple[str, str]] = set()
    for (place,) in ledger.rows("from disposed_runs order by run_folder"):
        findings = ledger.absolute(str(place)) / "findings.parquet"
        if findings.is_file() and {"finding_id", "reason"} <= {*pq.read_schema(findings).names}:
            ids = [("finding_id", "in", [entry["finding_id"] for _, entry in new])]
            table = pq.read_table(findings, columns=["finding_id", "reason"], filters=ids)
            said |= {(row["finding_id"], row["reason"]) for row in table.to_pylist()}
    refuse_rows(
        path,
        [
            f"row {number}, reason is the finding's own: write over it why the reviewer decided so"
            for number, entry in new
            if (entry["finding_id"], entry["reason"]) in said
        ],
    )


def _check_recoveries(ledger: Ledger, path: Path, new: list[tuple[int, dict[str, Any]]]) -> None:
    """Refuse to recover more than a line's largest finding, or to take back more than was recovered.

    A line and those that it replaces are one: their dollars are recovered once.
    """
    lines = {
        str(finding): (str(claim), int(line))
        for finding, claim, line in ledger.rows(
            """
            select finding_id, standing_claim_id, standing_claim_line_number
            from disposed_findings inner join standing_lines using (claim_id, claim_line_number)
            """
        )
    }
    rows = ledger.rows("from disposed_lines")
    limits = {(str(claim), int(line)): Decimal(amount) for claim, line, amount, _ in rows}
    recovered = defaultdict(Decimal, {(str(c), int(n)): Decimal(done) for c, n, _, done in rows})
    problems = []
    for number, entry in new:
        if entry["recovered_amount"] is None:
            continue
        line = lines[entry["finding_id"]]
        recovered[line] += entry["recovered_amount"]
        if recovered[line] > limits[line]:
            problems.append(f"row {number}, recovered_amount makes more than was ever in question on the claim line")
        elif recovered[line] < 0:
            problems.append(f"row {number}, recovered_amount takes back more than was recovered")
    refuse_rows(path, problems)


def _hold_runs(ledger: Ledger) -> None:
    """Keep the runs that the findings were last seen in: what was sent to a provider must stay provable."""
    for (place,) in ledger.rows("from disposed_runs order by run_folder"):
        run_folder = ledger.absolute(str(place))
        if (run_folder / "manifest.json").is_file():
            place_hold(run_folder, "a disposition is recorded on its findings", is_automatic=True)


def refuse_nothing_filled(path: Path, imported: Imported) -> None:
    """Say so where a file held no filled row at all. Raises AuditError (2)."""
    if not imported.recorded_count and not imported.known_count:
        raise AuditError(USAGE, f"The file {path} holds no row with a disposition, so nothing was recorded.")
