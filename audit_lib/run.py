"""A finished run folder, opened read-only: its files as tables, its manifest, the report queries."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import duckdb
import pandas as pd

from audit_lib.database import open_connection
from audit_lib.errors import USAGE, AuditError
from audit_lib.manifest_keys import SCHEMA_VERSION, Manifest
from audit_lib.reports.filters import Filters, profile_problems, refuse
from audit_lib.resources import folder
from audit_lib.selects import as_frame, tables_read
from audit_lib.settings import Settings
from audit_lib.settings_rows import provider_key
from audit_lib.whole_files import json_object
from audit_lib.words import day, period_words

TABLES = (
    "findings",
    "line_outcomes",
    "rule_outcomes",
    "line_exposure",
    "claim_lines",
    "rejected_rows",
    "recovery",
    "reversed_findings",
    "per_diems_outside_period",
    "therapy_mix",
    "provider_volumes",
    "therapy_episodes",
    "tpn_product_mix",
    "pump_days",
)
# What a run writes only where it is entered into a ledger, or where the plan names its providers.
_OPTIONAL = {
    "rule_standing": "select '' as rule, false as is_validated where false",
    "finding_status": "select '' as finding_id, '' as status, 0.00 as net_overpaid_amount, 0.00 as net_review_amount, "
    "0.00 as recovered_amount, 0.00 as line_recovered_amount, '' as last_disposition where false",
    "providers": "select '' as provider_id, '' as name where false",
}
_SELECTED = "selected_"


class Run:
    """One finished run folder. Nothing is ever written to it.

    Its tables: the Parquet files, `providers` (provider_id, name; empty where there is none), `manifest`
    (one row, its JSON in `body`), every code set, the audit's `gates` and every query of `sql/reports`, each by its
    file's stem;
    `selection` (is_filtered, condition, provider_id, minimum_line_count, finding_id, is_shared), and
    `selected_<file>`: the file's rows that meet the filters.
    """

    def __init__(
        self,
        path: Path,
        filters: Filters | None = None,
        *,
        provider: str = "",
        minimum_lines: int = 1,
        finding: str = "",
        is_shared: bool = False,
    ) -> None:
        refuse(profile_problems(provider, minimum_lines))
        self.folder = path.resolve()
        self.manifest = _manifest(self.folder)
        self.filters = filters or Filters()
        self.is_shared = is_shared
        self.filters.check_rules([rule["rule"] for rule in self.manifest["rules"]])
        self._tables = {"manifest", "selection"}
        self.settings = _settings(self.manifest)
        self._connection = open_connection(self.settings, readable=[self.folder, folder("sql")])
        body = {"body": json.dumps(self.manifest)}
        self._connection.execute("create table manifest as select $body::json as body", body)
        selection = {
            "is_filtered": not self.filters.is_empty,
            "condition": self.filters.sql(self.period_by),
            "provider_id": provider_key(str(provider)) or None,
            "minimum_line_count": minimum_lines,
            "finding_id": str(finding).strip().lower() or None,
            "is_shared": is_shared,
        }
        self._connection.execute(
            "create table selection as select $is_filtered::boolean as is_filtered, $condition::varchar as condition, "
            "$provider_id::varchar as provider_id, $minimum_line_count::bigint as minimum_line_count, "
            "$finding_id::varchar as finding_id, $is_shared::boolean as is_shared",
            selection,
        )

    @classmethod
    def open(cls, path: str | Path = "", filters: Filters | None = None, **options: Any) -> "Run":
        """Open the run folder `path`, or the newest finished one under ./runs or ../runs; report on `filters` alone.

        Options: provider (to profile: the TIN; the NPI only where no TIN is billed), minimum_lines (that peers must
        have), finding (the beginning of the id of the one to explain), is_shared (tables and figures carry no copy of
        their data).
        Raises AuditError (2) where it is no finished run, where one of its files is damaged, or where the filters name
        a rule that it did not run.
        """
        run = cls(Path(path) if str(path) else newest_run(), filters, **options)
        run._refuse_damaged()
        return run

    @property
    def period_by(self) -> str:
        """Return which date chooses the period: service or paid."""
        return str(self.manifest["parameters"]["period_by"])

    def period_words(self, write: Callable[[str | None], str] = day) -> str:
        """Return in words which lines findings are reported on; `write` says how a day is written."""
        parameters = self.manifest["parameters"]
        return period_words((parameters["from"], parameters["to"]), self.period_by, write)

    def of_provider(self) -> "Run":
        """Return this run with the filters narrowed to the provider that is profiled."""
        profiled = self.sql("select provider_id from profiled_provider")["provider_id"]
        filters = replace(self.filters, provider=str(profiled.iloc[0])) if len(profiled) else _nobody(self.filters)
        return Run(self.folder, filters, is_shared=self.is_shared)

    def sql(self, query: str) -> pd.DataFrame:
        """Return the rows of one select; decimals stay decimals, dates stay dates."""
        return as_frame(self.relation(query).to_arrow_table())

    def files(self) -> list[str]:
        """Return the names of the tables that the run's files hold."""
        return sorted(path.stem for path in self.folder.glob("*.parquet"))

    def queries(self) -> list[str]:
        """Return the names of the report queries."""
        return sorted(path.stem for path in (folder("sql") / "reports").glob("*.sql"))

    def code_lists(self) -> list[str]:
        """Return the names of the shipped code lists."""
        return sorted(path.stem for path in (folder("sql") / "code_sets").glob("*.csv"))

    def tables(self) -> list[str]:
        """Return the names of what a select is most likely to mean: files, report queries, code lists, the manifest."""
        return sorted({*self.files(), *_OPTIONAL, *self.queries(), *self.code_lists(), "gates", "manifest", "quality"})

    def relation(self, query: str) -> duckdb.DuckDBPyRelation:
        """Return one select, not yet executed. Raises AuditError (2) for any other statement."""
        statements = self._connection.extract_statements(query)
        if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
            raise AuditError(USAGE, "A run is read only: exactly one select is answered, and nothing else.")
        self._prepare(query)
        return self._connection.sql(query)

    def table(self, name: str) -> pd.DataFrame:
        """Return the rows of the report query `sql/reports/<name>.sql`; `attrs["query"]` keeps its text."""
        query = report_query(name)
        table = self.sql(query)
        is_filtered = not self.filters.is_empty
        table.attrs = {"name": name, "query": query, "is_shared": self.is_shared, "is_filtered": is_filtered}
        return table

    def amount(self, *keys: str) -> Decimal:
        """Return an amount in US dollars that the manifest holds under `keys`; 0.00 where it holds none."""
        value: Any = self.manifest
        for key in keys:
            value = (value or {}).get(key)
        return Decimal(str(value or "0.00"))

    def _refuse_damaged(self) -> None:
        for path in sorted(self.folder.glob("*.parquet")):
            try:
                self._connection.read_parquet(str(path))
            except duckdb.Error as error:
                raise _damaged(path) from error

    def _prepare(self, query: str) -> None:
        """Create the views that `query` names and that are not there yet, those they name first."""
        for name in sorted(tables_read(self._connection, query) - self._tables):
            self._create_view(name)
            self._tables.add(name)

    def _create_view(self, name: str) -> None:
        parquet = self.folder / f"{name}.parquet"
        query_file = _query_file(name)
        code_set = folder("sql") / "code_sets" / f"{name}.csv"
        if query_file:
            query = query_file.read_text(encoding="utf-8")
            self._prepare(query)
            self._connection.sql(query).create_view(name)
        elif code_set.is_file():
            self._connection.read_csv(str(code_set), all_varchar=True, header=True).create_view(name)
        elif parquet.is_file():
            self._connection.read_parquet(str(parquet)).create_view(name)
        elif name == "quality":
            body = self.folder / "quality.json"
            text = body.read_text(encoding="utf-8") if body.is_file() else "{}"
            self._connection.execute("create table quality as select $body::json as body", {"body": text})
        elif name in _OPTIONAL:
            self._connection.sql(_OPTIONAL[name]).create_view(name)
        elif name.startswith(_SELECTED):
            self._select(name.removeprefix(_SELECTED)).create_view(name)

    def _select(self, table: str) -> duckdb.DuckDBPyRelation:
        """Return the rows of a file that meet the filters, as far as it has columns for them."""
        self._prepare(f"from {table}")
        rows = self._connection.table(table)
        expression = self.filters.expression(rows.columns, self.period_by)
        if expression is None:
            return rows
        self._prepare("from finding_status")
        return rows.filter(expression)


class _Nobody(Filters):
    """Filters that keep no row, since no provider is profiled; there is no condition to print."""

    def sql(self, period_by: str = "service") -> str:
        return ""


def _nobody(filters: Filters) -> Filters:
    return _Nobody(**{**vars(filters), "provider": "none profiled"})


def _query_file(name: str) -> Path | None:
    """Return the query of that name that reads a finished run; `gates` is the audit's own and reads nothing."""
    rooms = ["exposure"] if name == "gates" else ["reports", "sharing"]
    paths = [folder("sql") / room / f"{name}.sql" for room in rooms]
    return next((path for path in paths if path.is_file()), None)


def report_query(name: str) -> str:
    """Return the text of the report query `name`. Raises AuditError (2), naming all of them, where there is none."""
    path = folder("sql") / "reports" / f"{name}.sql"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in path.parent.glob("*.sql")))
        raise AuditError(USAGE, f"There is no report query {name!r}. The report queries are: {known}.")
    return path.read_text(encoding="utf-8")


def _settings(manifest: Manifest) -> Settings:
    """Return the memory and threads that the run had, for what is asked of it later."""
    recorded = manifest["parameters"]["settings"]
    return Settings.model_validate({name: recorded[name] for name in ("memory_limit", "threads") if name in recorded})


def _manifest(run_folder: Path) -> Manifest:
    """Read the manifest, which is written last: without one a folder is no finished run."""
    path = run_folder / "manifest.json"
    missing = [f"{name}.parquet" for name in TABLES if not (run_folder / f"{name}.parquet").is_file()]
    if not path.is_file() or missing:
        lacking = ", ".join([*([] if path.is_file() else ["manifest.json"]), *missing])
        why = f"it lacks {lacking}" if run_folder.is_dir() else "there is no such folder"
        raise AuditError(
            USAGE,
            f"{run_folder} is not a finished run: {why}. "
            "Name the folder that `infusion-audit run` printed when it ended.",
        )
    manifest = cast(Manifest, json_object(path))
    if not manifest:
        raise _damaged(path)
    if manifest.get("schema_version") != SCHEMA_VERSION:
        raise AuditError(
            USAGE,
            f"{path} was written by another version of this program (schema version "
            f"{manifest.get('schema_version')}, not {SCHEMA_VERSION}). Audit the claims again.",
        )
    return manifest


def newest_run() -> Path:
    """Return the finished run under ./runs or ../runs that was created last. Raises AuditError (2) without one."""
    manifests = [
        path
        for place in (Path("runs"), Path("../runs"))
        for path in place.glob("*/manifest.json")
        if not path.parent.name.startswith(".")  # half-written, or being deleted
    ]
    if not manifests:
        raise AuditError(
            USAGE,
            "No finished run lies under ./runs or ../runs. Make one with "
            "`infusion-audit run --claims FILE --out runs`, or name its folder.",
        )
    return max(manifests, key=_created_at).parent


def _created_at(path: Path) -> tuple[str, str]:
    return str(json_object(path).get("created_at", "")), path.parent.name


def _damaged(path: Path) -> AuditError:
    return AuditError(
        USAGE,
        f"{path} is damaged and cannot be read, so nothing can be said of its run. Restore the run folder from a copy, "
        "or audit the claims again.",
    )
