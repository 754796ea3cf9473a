"""A scratch database in which the rules are performed again, over the lines that a finished run kept.

Only the members of the findings asked for are loaded. Named selections of a step (`with … as`) become tables of a
schema with the step's name, so that the row which judged a line can be read from the rule's own SQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa
import sqlglot
from sqlglot import exp

from audit_lib.database import open_connection
from audit_lib.doubt_kinds import doubt_kinds
from audit_lib.fingerprints import shared_sql_sha256
from audit_lib.local_rules import Local, load_all_code_sets, read_local, rules_in_use
from audit_lib.pipeline import Step, load_steps, ordered, run_steps
from audit_lib.progress import Progress
from audit_lib.resources import folder
from audit_lib.rules import Rule
from audit_lib.run import Run
from audit_lib.settings import Settings
from audit_lib.settings_tables import Period, load_settings
from audit_lib.small_tables import as_dicts, create_table

# Columns of the run's claim_lines that rest on lines of members it did not keep.
_BESIDES = ("is_supplier", "home_infusion_context")
_RUN_FILES = ("findings", "line_outcomes", "line_exposure")
_QUIET = Progress(is_quiet=True)


class Scratch:
    """The rules performed again for some findings of a run.

    `rules`: this installation's rules by name. `differing`: why the rules of the run are not those of this
    installation, by rule; under "" what holds for all.
    """

    def __init__(self, run: Run, finding_ids: Sequence[str]) -> None:
        self.settings = _settings(run)
        self.connection = open_connection(self.settings, readable=[run.folder])
        self.differing: dict[str, str] = {}
        local = self._local()
        self.rules = {rule.name: rule for rule in rules_in_use(local)}
        self._compare(run)
        load_all_code_sets(self.connection, local)
        in_force = bool(run.manifest["parameters"]["assume_in_force"])
        load_settings(self.connection, self.settings, list(self.rules.values()), Period(), in_force)
        _load_doubts(self.connection, list(self.rules.values()))
        _load_lines(self.connection, run, finding_ids)
        self._perform(local)

    def close(self) -> None:
        """Close the database; what it spilled goes."""
        self.connection.close()

    def rows(self, query: str, parameters: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return the rows of a query, each by its columns' names."""
        return as_dicts(self.connection.execute(query, parameters or {}))

    def _local(self) -> Local:
        """Return the plan's own folder; nothing where it is no longer there."""
        if self.settings.local and not self.settings.local.is_dir():
            self.differing[""] = "the plan's own folder (setting local) that the run used is no longer there"
            self.settings = self.settings.model_copy(update={"local": None})
        return read_local(self.settings.local)

    def _compare(self, run: Run) -> None:
        """Note every rule whose SQL is not that of the run, and shared SQL or code lists that are not."""
        if run.manifest["shared_sql_sha256"] != shared_sql_sha256():
            self.differing.setdefault("", "its shared SQL or code lists have changed since")
        for entry in run.manifest["rules"]:
            rule = self.rules.get(entry["rule"])
            if rule is None:
                self.differing[entry["rule"]] = "it does not have this rule"
            elif rule.sql_sha256 != entry["sql_sha256"]:
                self.differing[entry["rule"]] = (
                    f"its version of this rule is {rule.metadata.version}, with other SQL than version "
                    f"{entry['version']} that made the finding"
                )

    def _perform(self, local: Local) -> None:
        """Run the facts, the rules of the findings and the evidence's own SQL."""
        root = folder("sql")
        steps = load_steps(root / "facts", *local.facts, root / "rules", *{rule.path.parent for rule in local.rules})
        del steps["suppliers"]
        evidence = load_steps(root / "evidence")
        run_steps(self.connection, [evidence.pop("asked_findings")], _QUIET)
        asked = [name for (name,) in self._asked_rules() if name in self.rules]
        selections = selections_named(step.sql for step in evidence.values())
        selections |= {(n, rows) for n in asked for view in self.rules[n].metadata.evidence for rows in view.rows}
        facts = {name for step in evidence.values() for name in step.reads} & set(steps)
        of_steps = {name for name, _ in selections} & set(steps)
        run_steps(self.connection, ordered(steps, sorted({*asked, *facts, *of_steps})), _QUIET)
        steps |= load_steps(root / "exposure")
        for name, selection in sorted(selections):
            self._create_selection(steps[name], selection)
        evidence["code_labels"] = load_steps(root / "reports")["code_labels"]
        run_steps(self.connection, ordered(evidence, sorted(evidence)), _QUIET)

    def _asked_rules(self) -> list[tuple[str]]:
        return self.connection.execute("select distinct rule from asked_findings order by rule").fetchall()

    def _create_selection(self, step: Step, selection: str) -> None:
        query = named_selection(step.sql, selection)
        self.connection.execute(f'create schema if not exists "{step.name}"')
        self.connection.execute(f'create table "{step.name}"."{selection}" as {query}')


@cache
def named_selection(sql: str, selection: str) -> str:
    """Return the select whose rows are those of one `with … as` of another select."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    query = exp.select("*").from_(exp.to_table(selection))
    query.set("with_", tree.args["with_"])
    return query.sql("duckdb", comments=False)


def selections_named(queries: Iterable[str]) -> set[tuple[str, str]]:
    """Return the named selections of other steps that queries read, as (step, selection)."""
    return {named for query in queries for named in _selections_named(query)}


@cache
def _selections_named(query: str) -> frozenset[tuple[str, str]]:
    tables = sqlglot.parse_one(query, read="duckdb").find_all(exp.Table)
    return frozenset((table.db, table.name) for table in tables if table.db)


def _settings(run: Run) -> Settings:
    """Return the run's settings as far as rules read them; files that only later steps read are left out."""
    recorded = run.manifest["parameters"]["settings"]
    of_rules = {"literal_supply_range", "contract_factors", "local", "memory_limit", "threads"}
    return Settings.model_validate({name: value for name, value in recorded.items() if name in of_rules})


def _load_doubts(connection: duckdb.DuckDBPyConnection, rules: list[Rule]) -> None:
    """Create `doubt_kinds`, the weightiest first, and `rule_doubts`: those asked of the findings of single rules."""
    kinds = list(doubt_kinds())
    places = pa.table({"doubt": kinds, "doubt_order": range(len(kinds))})
    connection.from_arrow(places).create("doubt_kinds")
    rows = [{"rule": rule.name, "doubt": doubt} for rule in rules for doubt in rule.metadata.doubts]
    create_table(connection, "rule_doubts", {"rule": pa.string(), "doubt": pa.string()}, rows)


def _load_lines(connection: duckdb.DuckDBPyConnection, run: Run, finding_ids: Sequence[str]) -> None:
    """Make tables of what the run says of the findings, and of the lines of their members."""
    connection.from_arrow(pa.table({"finding_id": pa.array(finding_ids, pa.string())})).create("asked_ids")
    for name in _RUN_FILES:
        connection.read_parquet(str(run.folder / f"{name}.parquet")).create_view(f"run_{name}")
    kept = connection.read_parquet(str(run.folder / "claim_lines.parquet"))
    kept.create_view("run_claim_lines")
    connection.execute(
        """
        create table kept_lines as
        select * from run_claim_lines where member_id in (
            select member_id from run_findings inner join asked_ids on run_findings.finding_id = asked_ids.finding_id
        )
        """
    )
    columns = [duckdb.ColumnExpression(name) for name in kept.columns if name not in _BESIDES]
    connection.table("kept_lines").select(*columns).create("claim_lines")
    of_suppliers = connection.table("kept_lines").filter(duckdb.ColumnExpression("is_supplier"))
    of_suppliers.select("provider_id").distinct().create("suppliers")
    _load_said(connection, run)
    _load_unread(connection, run)
    _load_takebacks(connection, run)


def _load_said(connection: duckdb.DuckDBPyConnection, run: Run) -> None:
    """Make tables of what the run says of lines beside the findings."""
    for name in ("reversed_findings", "per_diems_outside_period"):
        connection.from_arrow(run.relation(f"from {name}").to_arrow_table()).create(f"run_{name}")
    assumed = [row["column"] for row in run.manifest["assumptions"]]
    connection.from_arrow(pa.table({"column_name": pa.array(assumed, pa.string())})).create("run_assumptions")


def _load_unread(connection: duckdb.DuckDBPyConnection, run: Run) -> None:
    """Make a view of the rows that could not be read; none where their file, which holds claims, was taken away."""
    path = run.folder / "rejected_rows.parquet"
    if path.is_file():
        connection.read_parquet(str(path)).create_view("run_rejected_rows")
    else:
        connection.execute("create table run_rejected_rows (source_text varchar)")


def _load_takebacks(connection: duckdb.DuckDBPyConnection, run: Run) -> None:
    """Make a view of the lines of which a part was taken back; none where the run is older than that file."""
    path = run.folder / "partial_takebacks.parquet"
    if path.is_file():
        connection.read_parquet(str(path)).create_view("run_partial_takebacks")
    else:
        connection.execute(
            "create table run_partial_takebacks (claim_id varchar, claim_line_number bigint, "
            "taken_back_amount decimal(18, 2), taken_back_date date)"
        )
