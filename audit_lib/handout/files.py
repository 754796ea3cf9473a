"""The files of one provider's hand-out, in each format."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from audit_lib.handout import method
from audit_lib.handout.flat_files import write_csv, write_parquet
from audit_lib.handout.sheets import FilledSheet, of_provider, sheets
from audit_lib.handout.workbook import Workbook
from audit_lib.run import Run
from audit_lib.safe_text import file_stem
from audit_lib.small_tables import as_dicts

_FLAT = {"csv": write_csv, "parquet": write_parquet}


def write_notice(
    folder: Path,
    file_format: str,
    connection: duckdb.DuckDBPyConnection,
    run: Run,
    totals: Mapping[str, Any],
    as_of: date,
    with_review: bool,
) -> None:
    """Write what is demanded of a provider, and its leads: a workbook, or a folder of CSV or Parquet files."""
    provider_id = totals["provider_id"]
    names = ["lines", "not_demanded", "evidence", *(["leads"] if with_review else [])]
    summary, *tables = [_filled(connection, name, provider_id) for name in ["summary", *names]]
    tables = [table for table in tables if table.rows]
    rules = [row for row in _rules(connection, provider_id) if with_review or row["is_demanded"]]
    texts = _policy_texts(connection, provider_id, ["handout_lines", *(["handout_leads"] if with_review else [])])
    words = FilledSheet(sheets()["method"], list(method.method_rows(run, totals, rules, texts, with_review)))
    facts = method.front_facts(run, totals, as_of)
    left_out = as_dicts(of_provider(connection, "handout_left_out", provider_id))
    notes = method.front_notes(totals, left_out, with_review)
    stem = file_stem(provider_id)
    if file_format in _FLAT:
        facts_in_words = [(name, str(value)) for name, value in [*facts, *notes]]
        words = FilledSheet(words.sheet, facts_in_words + words.rows)
        return _write_flat(folder / stem, file_format, [*([summary] if summary.rows else []), *tables, words])
    book = Workbook(folder / f"{stem}.xlsx", method.title(totals), _made_at(run), provider_id)
    book.add_front(facts, summary, notes)
    for sheet in [*tables, words]:
        book.add_table(sheet)
    book.close()
    return None


def write_request(
    folder: Path,
    file_format: str,
    connection: duckdb.DuckDBPyConnection,
    run: Run,
    totals: Mapping[str, Any],
    as_of: date,
) -> None:
    """Write the documents wanted of a provider, apart from what is demanded: it is another letter."""
    provider_id = totals["provider_id"]
    facts = method.addressee(run, totals, as_of)
    words = FilledSheet(sheets()["method"], [*[(n, str(v)) for n, v in facts], *method.request_rows(run)])
    wanted = _filled(connection, "records_request", provider_id)
    stem = f"{file_stem(provider_id)}_records_request"
    if file_format in _FLAT:
        return _write_flat(folder / stem, file_format, [wanted, words])
    book = Workbook(folder / f"{stem}.xlsx", method.words()["request_title"], _made_at(run), provider_id)
    for sheet in (wanted, words):
        book.add_table(sheet)
    book.close()
    return None


def _write_flat(folder: Path, file_format: str, filled: list[FilledSheet]) -> None:
    folder.mkdir(mode=0o700)
    for sheet in filled:
        _FLAT[file_format](folder / f"{sheet.sheet.name}.{file_format}", sheet)


def _filled(connection: duckdb.DuckDBPyConnection, name: str, provider_id: str) -> FilledSheet:
    return FilledSheet(sheets()[name], list(sheets()[name].rows(connection, provider_id)))


def _rules(connection: duckdb.DuckDBPyConnection, provider_id: str) -> list[dict[str, Any]]:
    return as_dicts(of_provider(connection, "handout_rules", provider_id).order("rule_number"))


def _policy_texts(connection: duckdb.DuckDBPyConnection, provider_id: str, tables: list[str]) -> list[str]:
    """Return the texts of the policy that the provider's rows of the tables rest on."""
    found = [of_provider(connection, table, provider_id).project("policy_text").fetchall() for table in tables]
    return sorted({str(text) for rows in found for (text,) in rows})


def _made_at(run: Run) -> datetime:
    """Return the time of the run: a workbook's own properties say when the audit was made, not when it was printed."""
    return datetime.fromisoformat(run.manifest["created_at"])
