"""Claim lines of any size, made by SQL: ordinary care by number, infusion cases as copies of one generated block.

`python -m benchmarks.generate --lines 10_000_000 --out DIR [--infusion-percent 1] [--format parquet|csv]`

What an audit must find is known at every size: the truth of one block for each of its copies.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from audit_lib.synthetic.columns import CLAIM_COLUMNS, TRUTH_COLUMNS
from audit_lib.synthetic.other_care import _PAYERS
from audit_lib.synthetic.plan import orderly_cases, scenario_cases
from audit_lib.synthetic.stream import ClaimStream
from audit_lib.synthetic.visits import VISITS
from audit_lib.synthetic.writing import SAMPLE_SEED, write_csv

_SQL = Path(__file__).parent / "sql"
_CHUNK_LINES = 1_000_000
_ORDERLY_CASES = 1_500
_DATES = [name for name in CLAIM_COLUMNS if name.endswith("_date")]
_AMOUNTS = [name for name in CLAIM_COLUMNS if name.endswith("_amount")]
_UNITS = ["service_unit_quantity", "ndc_quantity"]


@dataclass(frozen=True)
class Mix:
    """How large a file is and how much of it is infusion: whole copies of the block, the rest ordinary care."""

    copy_count: int
    claim_count: int
    chunk_count: int


def generate(out: Path, line_count: int, infusion_percent: float = 1, file_format: str = "parquet") -> Mix:
    """Write `claims/part-*.parquet` (or `.csv`) and `truth.csv` under `out`; about `line_count` lines.

    `truth.csv` is the truth of one block; each of its rows holds for every copy, whose claim ids begin with the
    copy's number and a hyphen.
    """
    shutil.rmtree(out / "claims", ignore_errors=True)
    (out / "claims").mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        block_lines = _load_block(connection, out)
        _load_other_care(connection)
        mix = _mix(connection, line_count, infusion_percent, block_lines)
        for number in range(mix.chunk_count):
            _set_chunk(connection, mix, number)
            _write_chunk(connection, out / "claims" / f"part-{number:04d}.{file_format}", file_format)
    return mix


def _load_block(connection: duckdb.DuckDBPyConnection, out: Path) -> int:
    """Create `infusion_block`: every scenario with its variant, and orderly episodes; write its truth."""
    stream = ClaimStream(0, SAMPLE_SEED, [*scenario_cases(0, SAMPLE_SEED), *orderly_cases(_ORDERLY_CASES, SAMPLE_SEED)])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "block.csv"
        write_csv(path, CLAIM_COLUMNS, stream)
        rows = connection.read_csv(str(path), header=True, all_varchar=True)
        typed = ", ".join(f"cast({name} as {_type(name)}) as {name}" for name in CLAIM_COLUMNS)
        rows.project(typed).create("infusion_block")
    write_csv(out / "truth.csv", TRUTH_COLUMNS, ([*row.values().values()] for row in stream.truth))
    return int(connection.table("infusion_block").count("*").fetchall()[0][0])


def _type(column: str) -> str:
    if column in _DATES:
        return "date"
    if column in _AMOUNTS:
        return "decimal(18, 2)"
    if column in _UNITS:
        return "decimal(18, 3)"
    return "bigint" if column == "claim_line_number" else "varchar"


def _load_other_care(connection: duckdb.DuckDBPyConnection) -> None:
    """Create what a claim of ordinary care is drawn from: visits by weight, their services, payers."""
    connection.execute("create table stays (visit integer)")
    connection.execute("create table visit_tickets (ticket integer, visit integer)")
    connection.execute(
        """
        create table visit_services (
            service_visit integer, service_number integer, code varchar, low_cents bigint, high_cents bigint,
            units decimal(18, 3), chance double, modifier varchar, revenue varchar, ndc varchar, drug varchar,
            place varchar, bill_type varchar, diagnoses varchar[], first_provider bigint, provider_count bigint
        )
        """
    )
    tickets = [number for number, visit in enumerate(VISITS) for _ in range(visit.weight)]
    connection.executemany("insert into visit_tickets values (?, ?)", list(enumerate(tickets)))
    connection.executemany("insert into stays values (?)", [(n,) for n, visit in enumerate(VISITS) if visit.is_stay])
    connection.executemany(f"insert into visit_services values ({', '.join('?' * 16)})", list(_services()))  # noqa: S608
    connection.execute("create table payers (ticket integer, line_of_business varchar, funding varchar)")
    payers = [payer[:2] for payer in _PAYERS for _ in range(payer[2])]
    connection.executemany("insert into payers values (?, ?, ?)", [(n, *payer) for n, payer in enumerate(payers)])


def _services() -> Iterator[list[object]]:
    for number, visit in enumerate(VISITS):
        first_provider = int(visit.providers[0].npi[1:])
        for position, service in enumerate(visit.services):
            yield [
                number, position, service.code or None, service.low, service.high, service.units, service.chance,
                service.modifier or None, service.revenue or None, service.ndc or None, service.drug or None,
                visit.place or None, visit.bill_type or None, list(visit.diagnoses), first_provider,
                len(visit.providers),
            ]  # fmt: skip


def _mix(connection: duckdb.DuckDBPyConnection, line_count: int, infusion_percent: float, block_lines: int) -> Mix:
    copies = max(1, round(line_count * infusion_percent / 100 / block_lines))
    connection.execute(
        """
        create table chunk as
        select 0::bigint as first_claim, 20000::bigint as last_claim, 0::bigint as first_copy, 0::bigint as last_copy,
            count(*) as ticket_count
        from visit_tickets
        """
    )
    connection.sql((_SQL / "other_care_services.sql").read_text("utf-8")).create_view("other_care_services")
    lines = connection.sql((_SQL / "other_care_lines.sql").read_text("utf-8")).count("*").fetchall()[0][0]
    claims = max(0, round((line_count - copies * block_lines) * 20_000 / lines))
    return Mix(copies, claims, max(1, round(line_count / _CHUNK_LINES)))


def _set_chunk(connection: duckdb.DuckDBPyConnection, mix: Mix, number: int) -> None:
    bounds = [mix.claim_count * n // mix.chunk_count for n in (number, number + 1)]
    bounds += [mix.copy_count * n // mix.chunk_count for n in (number, number + 1)]
    connection.execute("update chunk set first_claim = ?, last_claim = ?, first_copy = ?, last_copy = ?", bounds)


def _write_chunk(connection: duckdb.DuckDBPyConnection, path: Path, file_format: str) -> None:
    """Write a chunk with its claims in a mixed order and the lines of each together, as claims systems do."""
    other, infusion = ((_SQL / f"{name}_lines.sql").read_text("utf-8") for name in ("other_care", "infusion"))
    relation = connection.sql(other).union(connection.sql(infusion).project(", ".join(CLAIM_COLUMNS)))
    relation = relation.order("hash(claim_id), claim_id, claim_line_number, paid_date")
    if file_format == "csv":
        relation.write_csv(str(path), header=True)
    else:
        relation.write_parquet(str(path))


def main(arguments: list[str] | None = None) -> None:
    """Read the options and write the claims."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate", description="Write claim lines of any size.")
    parser.add_argument("--out", type=Path, required=True, help="folder for claims/ and truth.csv")
    parser.add_argument("--lines", type=lambda text: int(text.replace("_", "")), default=1_000_000)
    parser.add_argument("--infusion-percent", type=float, default=1)
    parser.add_argument("--format", choices=["parquet", "csv"], default="parquet")
    options = parser.parse_args(arguments)
    mix = generate(options.out, options.lines, options.infusion_percent, options.format)
    print(f"{mix.claim_count:,} claims of other care, {mix.copy_count:,} copies of the infusion block", file=sys.stderr)


if __name__ == "__main__":
    main()
