"""What changed between two runs: findings and dollars gained, lost and changed, and why."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from audit_lib.database import open_connection
from audit_lib.errors import USAGE, AuditError
from audit_lib.manifest_keys import Manifest
from audit_lib.pipeline import load_steps, ordered, run_steps
from audit_lib.progress import Progress
from audit_lib.resources import folder
from audit_lib.run import Run
from audit_lib.safe_text import csv_value
from audit_lib.selects import as_frame
from audit_lib.settings import Settings
from audit_lib.small_tables import create_table
from audit_lib.whole_files import new_file
from audit_lib.words import money

_FILES = ("findings", "line_exposure", "line_outcomes", "claim_lines")
_CHANGES = ("gained", "lost", "changed")
_ROW = "{:<9} {:<13} {:>9} {:>23} {:>18}"
_BY_CHANGE = "case change when 'gained' then 1 when 'lost' then 2 else 3 end, cause"
_BY_LINE = f"{_BY_CHANGE}, rule, claim_id, claim_line_number"
# The setting of the data-quality gate is among them: the gate is judged by what it did.
_WITHOUT_EFFECT = Settings.without_effect_on("findings")
_PATHS = set(Settings.path_fields()) - _WITHOUT_EFFECT
# Parameters that are no settings, or that are weighed for themselves.
_NO_SETTINGS = {"settings", "rules", "quality", "from", "to", "period_by"}


@dataclass(frozen=True)
class Total:
    """Findings of one change and cause with the net dollars that they make."""

    change: str
    cause: str
    finding_count: int
    net_overpaid: Decimal
    net_review: Decimal


@dataclass(frozen=True)
class Net:
    """A run's net potential overpayment and net under review."""

    overpaid: Decimal
    review: Decimal


class RunDiff:
    """Two finished runs compared; `totals` ties out with the runs' own totals, or the comparison is refused."""

    def __init__(self, path_a: Path, path_b: Path) -> None:
        runs = {"a": Run.open(path_a), "b": Run.open(path_b)}
        self.net_a, self.net_b = (
            Net(run.amount("totals", "net_overpaid_amount"), run.amount("totals", "net_review_amount"))
            for run in runs.values()
        )
        self.periods = [run.period_words() for run in runs.values()]
        self._connection = open_connection(runs["b"].settings, readable=[run.folder for run in runs.values()])
        for name, run in runs.items():
            for file in _FILES:
                path = str(run.folder / f"{file}.parquet")
                self._connection.read_parquet(path).create_view(f"{file}_{name}")
        _load_changes(self._connection, runs["a"].manifest, runs["b"].manifest)
        steps = load_steps(folder("sql") / "diff")
        run_steps(self._connection, ordered(steps, ["diff_totals"]), Progress(is_quiet=True))
        rows = self._connection.table("diff_totals").order(_BY_CHANGE).fetchall()
        self.totals = [Total(*row) for row in rows]
        self._check()

    def __repr__(self) -> str:
        """Return the table of changes, as the command prints it and JupyterLab shows it."""
        return _table(self)

    def changes(self) -> pd.DataFrame:
        """Return every difference, a row per finding; amounts are exact US dollars (Decimal).

        Columns: change (gained, lost, changed), cause (docs/operations.md), the finding's rule, claim, member, provider
        and code, then outcome, amount and net dollars in run A and in run B.
        """
        return as_frame(self._differences().to_arrow_table())

    def total(self, change: str) -> Total:
        """Return the sum over all causes of one change."""
        found = [total for total in self.totals if total.change == change]
        return Total(
            change,
            "all",
            sum(t.finding_count for t in found),
            sum((t.net_overpaid for t in found), Decimal("0.00")),
            sum((t.net_review for t in found), Decimal("0.00")),
        )

    def _check(self) -> None:
        gained, lost, changed = (self.total(change) for change in _CHANGES)
        overpaid = gained.net_overpaid - lost.net_overpaid + changed.net_overpaid
        review = gained.net_review - lost.net_review + changed.net_review
        if (overpaid, review) != (
            self.net_b.overpaid - self.net_a.overpaid,
            self.net_b.review - self.net_a.review,
        ):
            raise AuditError(
                USAGE,
                "The two runs cannot be compared: the findings of one do not add up to the totals in its "
                "manifest.json, so one of its files was changed after the run. Audit the claims again.",
            )

    def _differences(self) -> duckdb.DuckDBPyRelation:
        return self._connection.table("finding_causes").order(_BY_LINE)

    def write(self, path: Path) -> None:
        """Write every difference as one row of a CSV file that only its owner may read; never over another file.

        Text that a spreadsheet could take for a formula begins with an apostrophe. Raises AuditError: 2 where the file
        is there already, 14 where it cannot be written; then no part of it is left.
        """
        relation = self._differences()
        with new_file(path) as partial, partial.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(relation.columns)
            for batch in relation.to_arrow_table().to_batches(10_000):
                rows = zip(*batch.to_pydict().values(), strict=True)
                writer.writerows([csv_value(value) for value in row] for row in rows)


def _table(diff: RunDiff) -> str:
    """Write the changes by cause, then the sum that ties the two runs; the two measures are never added up."""
    a_period, b_period = diff.periods
    lines = [f"Period of A: {a_period}.", f"Period of B: {b_period}."] if a_period != b_period else []
    lines += [_ROW.format("change", "cause", "findings", "potential overpayment", "needs review")]
    for change in _CHANGES:
        for total in [*(t for t in diff.totals if t.change == change), diff.total(change)]:
            count = f"{total.finding_count:,}"
            lines.append(_ROW.format(change, total.cause, count, money(total.net_overpaid), money(total.net_review)))
    a, b = diff.net_a, diff.net_b
    lines += [
        _ROW.format("net of A", "", "", money(a.overpaid), money(a.review)),
        _ROW.format("net of B", "", "", money(b.overpaid), money(b.review)),
        _ROW.format("B - A", "", "", money(b.overpaid - a.overpaid), money(b.review - a.review)),
        "B - A = gained - lost + changed. Net dollars, each line once. Rule version: also shared SQL and code lists.",
    ]
    return "\n".join(line.rstrip() for line in lines)


def _load_changes(connection: duckdb.DuckDBPyConnection, a: Manifest, b: Manifest) -> None:
    """Create `run_changes`, `run_periods` (one row each) and `changed_rules`: in what the two manifests differ."""
    changes = {
        "has_data_changed": _data(a) != _data(b) or not _has_hashes(a),
        "has_settings_changed": _settings(a) != _settings(b) or _has_gate_been_set_otherwise(a, b),
        "has_period_changed": _period(a) != _period(b),
        "has_scope_changed": _scope(a) != _scope(b),
        "has_shared_sql_changed": _program(a) != _program(b),
    }
    create_table(connection, "run_changes", dict.fromkeys(changes, pa.bool_()), [changes])
    periods = {f"{name}_{run}": value for run, m in (("a", a), ("b", b)) for name, value in _period(m).items()}
    types = {name: pa.date32() if "_from_" in name or "_to_" in name else pa.string() for name in periods}
    create_table(connection, "run_periods", types, [periods])
    rules_a, rules_b = ({rule["rule"]: (rule["version"], rule["sql_sha256"]) for rule in m["rules"]} for m in (a, b))
    changed = {rule for rule in set(rules_a) & set(rules_b) if rules_a[rule] != rules_b[rule]}
    if _choice_of_rules(a) == _choice_of_rules(b):
        changed |= set(rules_a) ^ set(rules_b)
    rows = [{"rule": rule} for rule in sorted(changed)]
    create_table(connection, "changed_rules", {"rule": pa.string()}, rows)


def _data(manifest: Manifest) -> tuple[str, str, list[str]]:
    files = sorted(f"{f['sha256']} {f.get('table', '')} {f.get('query', '')}" for f in manifest["inputs"])
    return manifest["layout"], manifest["layout_sha256"], files


def _has_hashes(manifest: Manifest) -> bool:
    """Tell whether the claims can be told from others; a server's rows have no hash."""
    return all(file["sha256"] for file in manifest["inputs"])


def _has_gate_been_set_otherwise(a: Manifest, b: Manifest) -> bool:
    """Tell whether two gates that were asked otherwise also emptied other columns or stopped other rules."""
    return _gate_asked(a) != _gate_asked(b) and _gate_did(a) != _gate_did(b)


def _gate_asked(manifest: Manifest) -> tuple[Any, bool]:
    return manifest["parameters"]["quality"], _settings_of(manifest).get("continue_on_quality_failure", False)


def _gate_did(manifest: Manifest) -> list[Any]:
    gate = manifest.get("quality") or {}
    return [gate.get(name) or [] for name in ("emptied_columns", "stopped_rules")]


def _settings_of(manifest: Manifest) -> dict[str, Any]:
    return manifest["parameters"]["settings"]


def _settings(manifest: Manifest) -> dict[str, Any]:
    """Return what was asked of a run and can change a finding; files by their content, not their place."""
    parameters = {k: v for k, v in manifest["parameters"].items() if k not in _NO_SETTINGS}
    plain = {k: v for k, v in _settings_of(manifest).items() if k not in _WITHOUT_EFFECT | _PATHS}
    files = sorted((f["setting"], f["sha256"]) for f in manifest["settings_files"] if f["setting"] in _PATHS)
    everything = {**parameters, **plain, "files": files}
    return {key: value for key, value in everything.items() if value not in (None, [], False)}


def _period(manifest: Manifest) -> dict[str, date | str | None]:
    """Return the period of a run: what lies outside it is no matter of settings."""
    parameters = manifest["parameters"]
    first, last = (date.fromisoformat(day) if day else None for day in (parameters["from"], parameters["to"]))
    by = parameters["period_by"]
    return {"period_from": first, "period_to": last, "period_by": by if first or last else "service"}


def _scope(manifest: Manifest) -> tuple[Any, ...]:
    """Return what leaves lines or rules out of a run."""
    return _period(manifest), _settings_of(manifest).get("policy_applies_to"), _choice_of_rules(manifest)


def _choice_of_rules(manifest: Manifest) -> tuple[Any, ...]:
    files = [f["sha256"] for f in manifest["settings_files"] if f["setting"] == "local"]
    return manifest["parameters"]["selected_rules"], sorted(files)


def _program(manifest: Manifest) -> tuple[str, str]:
    return manifest["package_version"], manifest["shared_sql_sha256"]
