"""The gate alone: claims read, staged and measured; no rule runs and nothing is kept."""

from __future__ import annotations

import tempfile
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from audit_lib.claims.inputs import find_inputs, scan_inputs, store_rows
from audit_lib.claims.layouts import read_layout
from audit_lib.claims.reading import read_claims
from audit_lib.claims.row_counts import RowCounts
from audit_lib.claims.sources import passed_over, unchanged
from audit_lib.database import open_locked
from audit_lib.local_rules import load_all_code_sets, read_local, rules_in_use
from audit_lib.lookback_limits import load_clock
from audit_lib.manifest import describe_inputs
from audit_lib.progress import Progress
from audit_lib.quality.engine import import_early
from audit_lib.quality.gate import QualityGate, load_stopped_rules
from audit_lib.quality.measures import measure_data
from audit_lib.quality.profiles import EarlierRun
from audit_lib.settings import Settings
from audit_lib.settings_tables import Period, check_settings, load_settings
from audit_lib.words import delivery


@dataclass(frozen=True)
class CheckResult:
    """What the gate found: its results, and how many rows the source holds."""

    gate: QualityGate
    counts: RowCounts


def check_claims(
    claims: str,
    layout_name: str,
    settings: Settings,
    as_of: date,
    progress: Progress,
    *,
    table: str = "",
    query: str = "",
) -> CheckResult:
    """Measure claims without auditing them; `table` or `query` says which rows of a database they are.

    Raises AuditError: 2 for settings, 10 for a suite or a code list, 11 for claims or a layout that cannot be read.
    Critical failures are results here, not errors.
    """
    rules = rules_in_use(read_local(settings.local))
    check_settings(settings)
    layout, files = read_layout(layout_name), find_inputs(claims, table, query)
    import_early()
    with progress.step("scanning_files"):
        scan_inputs(files)
    with tempfile.TemporaryDirectory(prefix="infusion-audit-") as name:
        spill = Path(name)
        paths = [file.path for file in files]
        with closing(open_locked(settings, paths, spill, spill)) as connection, unchanged(files, claims):
            gate = QualityGate(connection, rules)
            with progress.step("reading"):
                store_rows(files, spill, settings)
                counts = read_claims(connection, files, layout, spill, gate.judge)
            for caution in delivery(describe_inputs(files), passed_over(claims)):
                progress.say(caution)
            load_all_code_sets(connection, read_local(settings.local))
            load_settings(connection, settings, rules, period=Period(), is_assumed_in_force=False)
            load_clock(connection, as_of)
            load_stopped_rules(connection, gate.stopped_rules())
            with progress.step("quality"):
                measure_data(gate, EarlierRun(), progress)
    return CheckResult(gate, counts)
