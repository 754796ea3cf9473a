"""Random claim histories for property tests: few days, few providers, many collisions."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
from hypothesis import strategies as st

from audit_lib.audit import RunOptions, audit_tables
from audit_lib.claims.layouts import read_layout
from audit_lib.claims.reach import reach_of
from audit_lib.claims.reading import read_claims
from audit_lib.claims.sources import find_files, scan_bytes
from audit_lib.progress import Progress
from audit_lib.resources import folder
from audit_lib.rules import load_rules
from audit_lib.settings import Settings
from audit_lib.settings_tables import Period

Line = dict[str, str]


def _codes(name: str) -> list[str]:
    with (folder("sql") / "code_sets" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return sorted({row["code"] for row in csv.DictReader(file)})


PER_DIEMS = _codes("per_diem_codes")
EVIDENCE = ["99601", "99602", "62369", "96521", "S5036", "96365", "96413", "J0696", "J1459", "J3420", "J7192", "99213"]
ITEMS = [
    "A4222",
    "A4223",
    "E0781",
    "E0784",
    "A4216",
    "J1642",
    "J7050",
    "B4197",
    "B4185",
    "B4178",
    "J3490",
    "S0155",
    "A4253",
]
LISTED = (
    _codes("supply_codes") + _codes("tpn_codes") + _codes("injectable_drug_codes") + _codes("route_exclusion_codes")
)
FIRST_DAY = date(2025, 7, 10)


@st.composite
def lines(draw: st.DrawFn) -> Line:
    """One claim line of one of three claims of a member; most lines lie within the same three weeks."""
    start = FIRST_DAY + timedelta(draw(st.integers(0, 20)))
    end = start + timedelta(draw(st.sampled_from([0, 0, 0, 1, 4, 6, 13])))
    paid = draw(st.integers(0, 99_999))
    code = draw(st.one_of(*map(st.sampled_from, (PER_DIEMS, EVIDENCE, ITEMS, LISTED))))
    return {
        "claim_id": draw(st.sampled_from(["A", "B", "C"])),
        "claim_line_number": str(draw(st.integers(1, 9))),
        "claim_line_start_date": start.isoformat(),
        "claim_line_end_date": end.isoformat(),
        "hcpcs_code": code,
        "hcpcs_modifier_1": draw(st.sampled_from(["", "", "SH", "SJ", "RB", "NU", "59"])),
        "service_unit_quantity": draw(st.sampled_from(["", "1", "1", "2", "7", str((end - start).days + 1)])),
        "paid_amount": f"{paid // 100}.{paid % 100:02d}",
        "allowed_amount": draw(st.sampled_from(["", f"{paid // 100}.{paid % 100:02d}", "500.00"])),
        "place_of_service_code": draw(st.sampled_from(["12", "12", "12", "49", "11", "31", ""])),
        "provider": draw(st.sampled_from(["1", "1", "1", "2"])),
        "paid_date": draw(st.sampled_from(["", "2025-09-01", "2025-09-02"])),
        "claim_type": draw(st.sampled_from(["", "professional", "institutional"])),
        "bill_type_code": draw(st.sampled_from(["", "", "111"])),
        "drug_name": draw(st.sampled_from(["", "", "NORMAL SALINE", "Clinisol 15%", "Hep Lock", "FreAmine III"])),
        "funding": draw(st.sampled_from(["insured", "insured", "self_funded"])),
    }


@st.composite
def histories(draw: st.DrawFn) -> list[Line]:
    """Between two and six members, each with claims and providers of its own."""
    members = draw(st.lists(st.lists(lines(), min_size=2, max_size=14), min_size=2, max_size=6))
    return [own(line, f"m{number}") for number, member in enumerate(members, 1) for line in member]


def own(line: Line, member: str) -> Line:
    """Give a line to a member: its claim and provider are nobody else's."""
    number = int(member[1:])
    return {
        **{key: value for key, value in line.items() if key != "provider"},
        "member_id": member,
        "claim_id": f"{member}-{line['claim_id'].split('-')[-1]}",
        "billing_tin": f"{number:08d}{line['provider']}",
    }


def audit(
    files: Sequence[Sequence[Line]], settings: Settings | None = None, period: Period | None = None
) -> dict[str, list[dict[str, Any]]]:
    """Audit lines that come in one or several files; return outcomes and exposure without their place in the source.

    With a period, files far from it are read in part.
    """
    settings, period = settings or Settings(), period or Period()
    with tempfile.TemporaryDirectory() as name, duckdb.connect() as connection:
        for number, rows in enumerate(files):
            with (Path(name) / f"claims_{number}.csv").open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, sorted(files[0][0]))
                writer.writeheader()
                writer.writerows(rows)
        sources = find_files(name)
        for source in sources:
            scan_bytes(source)
        read_claims(connection, sources, read_layout("canonical"), reach=reach_of(period, settings))
        options = RunOptions(
            claims=name, out=Path(name), settings=settings, is_assumed_in_force=True,
            period_from=period.first, period_to=period.last, period_by=period.by,
        )  # fmt: skip
        audit_tables(connection, load_rules(), options, Progress(is_quiet=True))
        return {table: _rows(connection, table) for table in ("line_outcomes", "line_exposure")}


def _rows(connection: duckdb.DuckDBPyConnection, table: str) -> list[dict[str, Any]]:
    cursor = connection.execute(f"from {table} order by all")
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
