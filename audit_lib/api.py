"""The audit from Python: run it over claims or load a finished run, then ask for tables and figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit_lib.audit import run_audit
from audit_lib.choices import EngineName, PeriodBy
from audit_lib.errors import USAGE, AuditError, sentence
from audit_lib.manifest_keys import Manifest
from audit_lib.names import with_nearest
from audit_lib.progress import Progress
from audit_lib.reports import figures, recovery_tables, tables, walk_figures
from audit_lib.reports.filters import Filters
from audit_lib.run import Run
from audit_lib.run_options import RunOptions, refuse_no_paths
from audit_lib.selects import unanswered
from audit_lib.settings import read_settings

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from audit_lib.evidence.model import Evidence
    from audit_lib.reports.blocks import Block
    from audit_lib.run_diff import RunDiff

# Asked from Python nobody wants a report's twenty providers and "all others".
_EXPOSURE = {
    "rule": "rule_totals", "provider": "provider_exposure", "code": "code_exposure", "month": "month_totals",
}  # fmt: skip


class Audit:
    """One audit: of claims that are still to be run (`open`), or of a finished run (`load`).

    Audit.open("claims.parquet", layout="tuva").run() returns the finished audit; Audit.load("runs/<run id>") opens one.

    Every table is a DataFrame whose `_amount` columns are exact US dollars (Decimal). Potential overpayment and needs
    review are never added together. `findings`, `exposure` and the figures take the filters that the notebooks take:
    provider (the TIN; the NPI only where no TIN is billed), rule, code, line_of_business, outcome, date_from, date_to,
    least_amount (see `audit_lib.reports.filters.Filters`).
    """

    def __init__(self, options: RunOptions | None, run: Run | None) -> None:
        self._options = options
        self._run = run

    @classmethod
    def open(
        cls,
        claims: str | Path,
        layout: str = "canonical",
        *,
        table: str = "",
        query: str = "",
        out: str | Path = "runs",
        config: str | Path | None = None,
        rules: Sequence[str] = (),
        date_from: date | str | None = None,
        date_to: date | str | None = None,
        period_by: PeriodBy = "service",
        assume_in_force: bool = False,
        as_of: date | str | None = None,
        engine: EngineName = "duckdb",
        spark_master: str = "",
    ) -> Audit:
        """Name the claims to audit; nothing is read before `run`.

        claims: a file, folder or glob; of a database, `table` or `query` says which rows. layout: a shipped layout or
        a YAML file. out: where the run folder will stand.
        config: the settings file (docs/settings.md). rules: names (default: all). date_from, date_to: the dates on
        which findings are reported, of service or, with period_by="paid", of payment. as_of: the run's only clock.
        Days are dates, or text as YYYY-MM-DD.
        engine: what runs the SQL, duckdb or spark. spark_master: where Spark runs (default: the session that is there,
        else a local one).
        Raises AuditError (2) where the settings cannot be used or a run cannot be asked for in this way.
        """
        refuse_no_paths(claims=claims, layout=layout, out=out, **({} if config is None else {"config": config}))
        days: dict[str, Any] = {"period_from": date_from, "period_to": date_to} | ({"as_of": as_of} if as_of else {})
        options = RunOptions(
            claims=str(claims),
            table=table,
            query=query,
            out=Path(out),
            layout=str(layout),
            period_by=period_by,
            rules=rules,
            settings=read_settings(None if config is None else Path(config)),
            is_assumed_in_force=assume_in_force,
            engine=engine,
            spark_master=spark_master,
            **days,
        )
        return cls(options, None)

    @classmethod
    def load(cls, run: str | Path = "") -> Audit:
        """Open a finished run folder, or the newest one under ./runs, read-only.

        Raises AuditError (2) where it is none.
        """
        return cls(None, Run.open(run))

    def run(self, *, reports: bool = False, quality: bool = True) -> Audit:
        """Audit the claims, write the run folder, and return the finished audit.

        reports: render the notebooks into the run as well. quality: run the data-quality gate.
        Raises AuditError with the command's exit codes (docs/operations.md).
        """
        if self._options is None:
            raise AuditError(
                USAGE, "This audit was loaded from a finished run; Audit.open(claims) names claims to run."
            )
        options = replace(self._options, with_reports=reports, with_quality=quality)
        return Audit(self._options, Run.open(run_audit(options, Progress(is_quiet=True)).path))

    @property
    def folder(self) -> Path:
        """Return the run folder."""
        return self._finished().folder

    @property
    def manifest(self) -> Manifest:
        """Return what the run read, decided and wrote (docs/data_dictionary.md)."""
        return self._finished().manifest

    def findings(self, **filters: Any) -> pd.DataFrame:
        """Return the findings, a row each, the largest first, of rules that may name the same dollars.

        So add up dollars from `exposure` instead.
        Columns: those of findings.parquet (docs/data_dictionary.md); amount and paid_amount in US dollars.
        Raises AuditError (2) for a filter that does not exist or cannot be used.
        """
        return self._filtered(filters).sql("select * from selected_findings order by amount desc, finding_id")

    def exposure(self, by: str = "rule", **filters: Any) -> pd.DataFrame:
        """Return potential overpayment and needs review by rule, provider, code or month, with their total.

        The total is a row of the table, the one where `is_total` is true: leave it out before you add up a column,
        table[~table["is_total"]], or each dollar counts twice.
        Columns: those of `audit_lib.reports.tables.by_rule`, `by_provider`, `by_code`, `by_month`; each dollar of
        net_overpaid_amount and net_review_amount counts once. Every provider and code has a row of its own, where
        reports sum up those beyond the twentieth.
        Raises AuditError (2) where `by` is none of the four, or a filter cannot be used.
        """
        _refuse_unless_known(by)
        return self._filtered(filters).table(_EXPOSURE[by])

    def explain(self, finding_id: str) -> Evidence:
        """Return what one finding rests on, step by step, and what speaks against it: the command `explain`.

        finding_id: column finding_id of `findings`, or the beginning of it. JupyterLab shows the evidence as text; its
        attributes (finding, lines, days, statements, doubts) hold the parts.
        Raises AuditError (2) where the run has no such finding, or several.
        """
        from audit_lib.evidence import evidence_of

        return evidence_of(self._finished(), finding_id)

    def diff(self, other: Audit | str | Path) -> RunDiff:
        """Return what another finished run gained, lost or changed against this one, and why: the command `diff`.

        other: the later audit, or its run folder; this one is run A, the other run B. JupyterLab shows the table by
        change and cause; `changes()` has a row per finding.
        Raises AuditError (2) where the other is no finished run, or the two do not add up.
        """
        from audit_lib.run_diff import RunDiff

        return RunDiff(self.folder, other.folder if isinstance(other, Audit) else Path(other))

    def sql(self, query: str) -> pd.DataFrame:
        """Return the rows of one select over the run's tables: one view per file, code set and report query.

        Decimals stay decimals, dates stay dates. Nothing can be changed and no other file can be read.
        Raises AuditError (2) for any other statement, and where the database does not understand the select.
        """
        import duckdb

        run = self._finished()
        try:
            return run.sql(query)
        except duckdb.Error as error:
            raise unanswered(error, run.tables()) from error

    @property
    def figures(self) -> Figures:
        """Return the figures of the run."""
        return Figures(self)

    def _filtered(self, filters: dict[str, Any]) -> Run:
        unknown = [name for name in filters if name not in Filters.__dataclass_fields__]
        if unknown:
            known = list(Filters.__dataclass_fields__)
            raise AuditError(
                USAGE,
                " ".join(sentence(with_nearest(f"There is no filter {name!r}", name, known)) for name in unknown),
            )
        run = self._finished()
        return Run(run.folder, Filters(**filters)) if filters else run

    def _finished(self) -> Run:
        if self._run is None:
            raise AuditError(USAGE, "This audit has not run yet: call run() first, or Audit.load(run folder).")
        return self._run


def _refuse_unless_known(by: str) -> None:
    if by not in _EXPOSURE:
        raise AuditError(USAGE, sentence(with_nearest(f"There is no exposure by {by!r}", by, _EXPOSURE)))


@dataclass(frozen=True)
class Figures:
    """Plotly figures of one audit, in US dollars; where there is nothing to draw, a note that says so.

    Every method but `money_walk`, which is of the whole run, takes the filters of `Audit`. Raises AuditError (2) as
    `Audit.exposure` does.
    """

    audit: Audit

    def exposure(self, by: str = "rule", **filters: Any) -> go.Figure | Block:
        """Draw the dollars by rule, provider, code or month."""
        drawings = {
            "rule": (tables.by_rule, figures.by_rule),
            "provider": (tables.by_provider, figures.by_provider),
            "code": (tables.by_code, figures.by_code),
            "month": (tables.by_month, figures.by_month),
        }
        _refuse_unless_known(by)
        totals, draw = drawings[by]
        return draw(totals(self.audit._filtered(filters)))

    def gross_and_net(self, **filters: Any) -> go.Figure | Block:
        """Draw what each rule finds for itself beside what it is credited with."""
        return figures.gross_and_net(self.audit.exposure("rule", **filters))

    def trend(self, **filters: Any) -> go.Figure | Block:
        """Draw the dollars by month of service and of payment."""
        return figures.trend(tables.trend(self.audit._filtered(filters)))

    def pareto(self, **filters: Any) -> go.Figure | Block:
        """Draw the providers by dollars with their running share."""
        return figures.pareto(tables.provider_rates(self.audit._filtered(filters)))

    def provider_funnel(self, **filters: Any) -> go.Figure | Block:
        """Draw each provider's rate of findings against its volume, with control limits."""
        return figures.funnel(tables.provider_rates(self.audit._filtered(filters)))

    def outcomes(self, **filters: Any) -> go.Figure | Block:
        """Draw what became of the lines that each rule considered."""
        return figures.outcomes(self.audit.exposure("rule", **filters))

    def money_walk(self) -> go.Figure | Block:
        """Draw the way from what the rules find to what can be recovered."""
        return walk_figures.money_walk(recovery_tables.overpayment_walk(self.audit._finished()))

    def pump_calendar(self, **filters: Any) -> go.Figure | Block:
        """Draw the days with S9328 of the three members with the most units beyond their refills."""
        return figures.pump_calendar(tables.pump_calendar(self.audit._filtered(filters)))

    def course(self, **filters: Any) -> go.Figure | Block:
        """Draw the course of therapy with the most net dollars in question, line by line."""
        return figures.course_timeline(tables.course(self.audit._filtered(filters)))
