"""The evidence behind demanded findings, as tables that SQL joins."""

from __future__ import annotations

from collections.abc import Collection

import duckdb
import pyarrow as pa

from audit_lib.evidence import evidence_for
from audit_lib.run import Run
from audit_lib.small_tables import create_table

# What a provider may read: how its own amount was computed, and what was asked of the lines. Sections that name lines,
# providers or what the plan doubts stay with the plan.
_SHOWN = ("arithmetic", "tried")
_STATEMENTS = {"finding_id": pa.string(), "section": pa.string(), "position": pa.int64(), "text": pa.string()}
# What the plan alone is told, counted.
_DOUBTS = {"finding_id": pa.string(), "doubt": pa.string(), "detail": pa.string()}


def load_evidence(connection: duckdb.DuckDBPyConnection, run: Run, providers: Collection[str]) -> None:
    """Create `evidence_statements` and `evidence_doubts` for what is demanded of the providers (all if none is named).

    A finding that this installation cannot perform again has no statement: what the run recorded is all there is.
    """
    rows = connection.execute(
        "select finding_id, provider_id from credited_demands where part = 'demanded' order by finding_id"
    ).fetchall()
    asked = [finding_id for finding_id, provider_id in rows if not providers or provider_id in providers]
    found = evidence_for(run, asked) if asked else {}
    statements = [
        {"finding_id": finding_id, "section": statement.section, "position": position, "text": statement.text}
        for finding_id, evidence in found.items()
        for position, statement in enumerate(evidence.statements)
        if statement.section in _SHOWN and not statement.names_other_provider
    ]
    create_table(connection, "evidence_statements", _STATEMENTS, statements)
    doubts = [
        {"finding_id": finding_id, "doubt": doubt.doubt, "detail": doubt.detail}
        for finding_id, evidence in found.items()
        for doubt in evidence.doubts
    ]
    create_table(connection, "evidence_doubts", _DOUBTS, doubts)
