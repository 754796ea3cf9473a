"""From `typed_rows` to the tables of a run: staging, facts, rules, exposure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from audit_lib.engines import DuckDBEngine, Engine
from audit_lib.local_rules import describe_changes, load_all_code_sets, read_local, refuse_other_tables
from audit_lib.lookback_limits import load_clock
from audit_lib.pipeline import load_steps, ordered
from audit_lib.progress import Progress
from audit_lib.quality.gate import load_stopped_rules
from audit_lib.resources import folder
from audit_lib.rule_rows import collect_rule_rows, gathering_steps
from audit_lib.rules import Rule
from audit_lib.run_options import RunOptions
from audit_lib.settings_tables import load_settings

_TOTALS = ["claims_totals", "header_repeats"]
# Asked for before the rules, so that the rows behind them need not be kept until the rules are done.
_FINAL_ACTION = ["claim_lines", "final_action_gates", "void_lines", "lone_reversals", "partial_takebacks"]
RESULTS = (
    "findings", "recovery", "line_outcomes", "rule_outcomes", "line_exposure", "evidence_lines", "gate_totals",
    "override_uses", "limit_uses", "assumption_totals", "home_infusion_totals", "staged_totals", "exposure_totals",
    "undecided_totals", "therapy_mix", "provider_volumes", "therapy_episodes", "tpn_product_mix", "pump_days",
    "replaced_claims", "settled_lines", "evidence_reversals", "evidence_takebacks", "reversed_findings",
    "per_diems_outside_period",
)  # fmt: skip


def audit_tables(
    connection: duckdb.DuckDBPyConnection,
    rules: list[Rule],
    options: RunOptions,
    progress: Progress,
    stopped_rules: Sequence[dict[str, str]] = (),
    engine: Engine | None = None,
    results: Sequence[str] = RESULTS,
) -> list[dict[str, Any]]:
    """Run staging, facts, rules and exposure over `typed_rows`; every one of `results` is a table of the connection.

    `stopped_rules` (rule, reason) cannot be decided on any line; `engine` performs the steps (default: the connection
    itself). Returns what the plan's own folder changed.
    """
    engine = engine or DuckDBEngine(connection, progress)
    root, local = folder("sql"), read_local(options.settings.local)
    with progress.step("code_sets"):
        list_changes = load_all_code_sets(connection, local)
    load_settings(
        connection, options.settings, rules, period=options.period, is_assumed_in_force=options.is_assumed_in_force
    )
    load_clock(connection, options.as_of)
    load_stopped_rules(connection, stopped_rules)
    rule_folders = {rule.path.parent for rule in rules}
    steps = load_steps(root / "staging", root / "facts", *local.facts, *rule_folders, root / "exposure")
    refuse_other_tables(local, steps)
    first = ordered(steps, [*_TOTALS, *_FINAL_ACTION, *[rule.name for rule in rules]])
    done = {step.name for step in first}
    last = [step for step in ordered(steps, list(results)) if step.name not in done]
    measured = _read_by_quality() if options.with_quality else []
    staged = list(load_steps(root / "staging")) if options.with_quality else []
    engine.expect([*first, *gathering_steps(rules), *last], {*_TOTALS, *results, *measured, *staged})
    engine.run(first)
    collect_rule_rows(connection, engine, rules)
    engine.run(last)
    with progress.step("results"):
        engine.fetch([*_TOTALS, *results, *measured])
    return describe_changes(local, list_changes)


def _read_by_quality() -> list[str]:
    """Return the steps of an audit that data quality measures."""
    return sorted({table for step in load_steps(folder("sql") / "quality").values() for table in step.reads})
