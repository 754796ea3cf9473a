"""Weighs a run against what the ledger remembers, and records it once the run is whole."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from audit_lib.errors import OUTPUT, USAGE, AuditError, cannot_write, is_write_failure, no_room
from audit_lib.ledger.store import SCHEMA_VERSION, Ledger
from audit_lib.manifest_keys import LedgerEntry, Manifest
from audit_lib.pipeline import load_steps, ordered, run_steps
from audit_lib.progress import Progress
from audit_lib.resources import folder, from_yaml
from audit_lib.small_tables import create_table

_READ = ("findings", "line_outcomes", "line_exposure", "replaced_claims", "settled_lines")
_RECORDED = {
    "sightings": "from run_sightings order by finding_id",
    "claim_replacements": """
        select
            this_run.run_number, replaced_claims.claim_id, replaced_claims.replaced_by_claim_id,
            replaced_claims.is_voided
        from replaced_claims cross join this_run
        where claim_id in (select claim_id from all_sightings)
            and (claim_id, replaced_by_claim_id, is_voided) not in (
                select (claim_id, replaced_by_claim_id, is_voided) from claim_replacements
                qualify row_number() over (partition by claim_id order by run_number desc) = 1
            )
        order by claim_id
    """,
    "inheritances": "from new_inheritances order by finding_id, inherits_from_finding_id",
    "statuses": """
        select this_run.run_number, decided_statuses.finding_id, decided_statuses.status, decided_statuses.status_reason
        from decided_statuses
        cross join this_run
        left join last_statuses on decided_statuses.finding_id = last_statuses.finding_id
        where decided_statuses.status is distinct from last_statuses.status
            or decided_statuses.status_reason is distinct from last_statuses.status_reason
        order by decided_statuses.finding_id
    """,
}


@dataclass(frozen=True)
class Visit:
    """A run that was weighed and not yet recorded."""

    ledger: Ledger
    manifest: Manifest

    def announce(self, run_folder: Path) -> None:
        """Note, before the run is whole, where it will stand: killed after that, it is recorded at the next opening."""
        row = {"key": run_key(self.manifest), "place": self.ledger.relative(run_folder)}
        with self.ledger.transaction():
            self.ledger.connection.execute("insert into ledger.pending_runs values ($key, $place)", row)

    def record(self, run_folder: Path) -> None:
        """Record the run, which is whole now, in one transaction."""
        _record(self.ledger, self.manifest, run_folder)


def run_key(manifest: Manifest) -> str:
    """Return what tells a run from every other: its name, its beginning and its claims."""
    inputs = sorted(str(file["sha256"]) for file in manifest["inputs"])
    text = json.dumps([manifest["run_id"], manifest["created_at"], inputs])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def status_files() -> dict[str, Any]:
    """Return the files that a run with a ledger holds besides: their rows, the order of these, their columns."""
    declared: dict[str, Any] = from_yaml((folder("sql") / "ledger" / "outputs.yml").read_text("utf-8"))
    return declared


def weigh_run(ledger: Ledger, folder_of_run: Path, manifest: Manifest) -> Visit:
    """Decide the status of every finding after this run and write the run's status files into its folder.

    `folder_of_run` may be the unfinished folder. The manifest gets its entry `ledger`. The ledger is only read.
    Raises AuditError (14) where the files cannot be written.
    """
    try:
        _weigh(ledger, folder_of_run, manifest)
        for name, output in status_files().items():
            path = str(folder_of_run / f"{name}.parquet")
            ledger.connection.table(name).order(", ".join(output["order"])).write_parquet(path, compression="zstd")
    except duckdb.Error as error:
        if is_write_failure(error):
            raise no_room() from error
        raise
    manifest["ledger"] = _describe(ledger)
    return Visit(ledger, manifest)


def record_run(ledger: Ledger, run_folder: Path) -> None:
    """Record a finished run; one that is recorded already changes nothing.

    Raises AuditError: 2 where the run's files cannot be read any more, 14 where the ledger cannot be written.
    """
    manifest = json.loads((run_folder / "manifest.json").read_text("utf-8"))
    if ledger.rows("from ledger.runs where run_key = $key", {"key": run_key(manifest)}):
        return
    try:
        _weigh(ledger, run_folder, manifest)
    except duckdb.IOException as error:
        if is_write_failure(error):
            raise cannot_write(ledger.path.parent, "the disk is full or refuses more", "ledger") from error
        raise AuditError(
            USAGE,
            f"The run {run_folder} was written and not yet recorded in the ledger, and its files cannot be read now. "
            "Restore them, or move the folder away to leave the run out; then try again.",
        ) from error
    _record(ledger, manifest, run_folder)


def _weigh(ledger: Ledger, run_folder: Path, manifest: Manifest) -> None:
    connection = ledger.connection
    steps = load_steps(folder("sql") / "ledger")
    for name in [*_READ, "this_run", "run_rules", *steps]:
        connection.execute(f"drop table if exists memory.main.{name}")
    for name in _READ:
        connection.read_parquet(str(run_folder / f"{name}.parquet")).create(name)
    _load_run(connection, manifest)
    run_steps(connection, ordered(steps, ["finding_status", "rule_standing"]), Progress(is_quiet=True))


def _load_run(connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> None:
    """Create `this_run` (one row) and `run_rules` (the rules that were run)."""
    parameters = manifest["parameters"]
    connection.execute(
        """
        create table this_run as select
            (select coalesce(max(run_number), 0) + 1 from ledger.runs) as run_number,
            $key as run_key, $run_id as run_id, $created_at as created_at, $as_of::date as as_of,
            coalesce($from::date, date '0001-01-01') as period_from,
            coalesce($to::date, date '9999-12-31') as period_to, $by as period_by,
            $from is not null or $to is not null as has_period
        """,
        {
            "key": run_key(manifest),
            "run_id": manifest["run_id"],
            "created_at": manifest["created_at"],
            "as_of": manifest["as_of"],
            "from": parameters["from"],
            "to": parameters["to"],
            "by": parameters["period_by"],
        },
    )
    rules = [
        {"rule": rule["rule"], "rule_number": rule["number"], "rule_version": rule["version"]}
        for rule in manifest["rules"]
    ]
    types = {"rule": pa.string(), "rule_number": pa.int64(), "rule_version": pa.int64()}
    create_table(connection, "run_rules", types, rules)


def _record(ledger: Ledger, manifest: Manifest, run_folder: Path) -> None:
    try:
        with ledger.transaction():
            ledger.connection.execute(
                """
                insert into ledger.runs
                select run_number, run_key, run_id, $place, created_at, as_of, period_from, period_to, period_by
                from this_run
                """,
                {"place": ledger.relative(run_folder)},
            )
            for table, rows in _RECORDED.items():
                ledger.connection.execute(f"insert into ledger.{table} {rows}")
            ledger.connection.execute(
                "delete from ledger.pending_runs where run_key = $key", {"key": run_key(manifest)}
            )
    except AuditError as error:
        raise AuditError(
            OUTPUT,
            f"The run {run_folder} is whole, but the ledger {ledger.path} could not be written. Make room or grant "
            "write access there: the run is recorded by itself the next time that the ledger is opened.",
        ) from error


def _describe(ledger: Ledger) -> LedgerEntry:
    """Return the manifest's entry: which run of the ledger this is, and which came before."""
    number = int(ledger.rows("select run_number from this_run")[0][0])
    before = ledger.rows("select run_id, as_of from ledger.runs order by run_number desc limit 1")
    counts = ledger.rows("select status, count(*) from finding_status group by status order by status")
    return {
        "schema_version": SCHEMA_VERSION,
        "run_number": number,
        "previous_run_id": before[0][0] if before else None,
        "previous_as_of": before[0][1].isoformat() if before else None,
        "statuses": {str(status): int(count) for status, count in counts},
    }
