"""Claims of the rules' cases with text in every column that engines may take otherwise, as a table of a DuckDB file."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import duckdb

from audit_lib.claims.layouts import contract_columns, kinds
from tests import rule_cases
from tests.ndc_files import PACKAGE_HEADER, PRODUCT_HEADER

MARKS = [
    "ß", "\u0131", "ŉ", "ﬂ", "İ", "ΟΔΟΣ", "\u017f", "\u212a", "\u3000x\u2003", "a\u2028", "\u0085", "😀", "e\u0301",
    "É", "%", "_", "\\", "\\%", "'", '"', ",", "|", "$1", "ﬂush Flush",
]  # fmt: skip
# What settings name: other cases than the claims have, where Python and the engines agree which those are. A name that
# begins or ends with a blank of another kind cannot be named; É is nobody's.
_OTHER_BLANKS = ["\u3000x\u2003", "a\u2028", "\u0085"]
_AS_THEY_ARE = ["İ", "ΟΔΟΣ"]
OUT_OF_SCOPE = "É"
PAYERS = ["plan", *_AS_THEY_ARE, *[m.lower() for m in MARKS if m not in (*_OTHER_BLANKS, *_AS_THEY_ARE, OUT_OF_SCOPE)]]
NAMED_NDC = "00409123401"
_OF_IDENTITY = ("claim_id", "original_claim_id", "member_id")
_OF_SCOPE = ("payer", "funding", "line_of_business", "claim_line_status")
_LARGEST = {"service_unit_quantity": "'9999999999.999'", "paid_amount": "'999999999.99'"}


def write_table(path: Path) -> None:
    """Write a DuckDB file with a table `claims`: the lines of the cases anew, a mark per case.

    The first copy of a line keeps what the case says and has the mark in its ids, its drug name and all columns of
    text that the case does not fill. The second, with 500 more as its number, has it in every column of text. The
    third, of some cases, has amounts and units at the bounds of what can be read.
    """
    cases = [case for case in rule_cases.load_cases() if not case.settings]
    rule_cases.write_claims(path.with_suffix(".csv"), cases)
    with closing(duckdb.connect(str(path))) as connection:
        given = connection.read_csv(str(path.with_suffix(".csv")), all_varchar=True)
        given.create("given")
        connection.execute("create table marks as select unnest($marks) as mark", {"marks": MARKS})
        texts = [column.name for column in contract_columns() if kinds()[column.kind]["type"] == "varchar"]
        first = {name: f'"{name}"' for name in given.columns}
        first |= {name: "mark" for name in texts if name not in given.columns}
        first |= {name: f'"{name}" || mark' for name in _OF_IDENTITY if name in given.columns}
        unnamed = ", ".join(f"'{mark}'" for mark in _OTHER_BLANKS)
        first["payer"] = f"if(mark in ({unnamed}), 'PLAN', mark)"
        first["drug_name"] = "mark || ' ' || drug_name || mark"
        first["ndc_code"] = f"case when drug_name is null and hcpcs_code = 'J3490' then '{NAMED_NDC}' else ndc_code end"
        second = first | {name: f"coalesce({value}, '') || mark" for name, value in first.items() if name in texts}
        second |= {name: first[name] for name in (*_OF_IDENTITY, *_OF_SCOPE) if name in first}
        second["claim_line_number"] = "cast(claim_line_number as integer) + 500"
        third = first | {"claim_line_number": "cast(claim_line_number as integer) + 900", **_LARGEST}
        copies = [_select(first), _select(second), f"{_select(third)} where number % 6 = 0"]
        connection.execute(f"create table claims as {' union all '.join(copies)}")
        connection.execute("drop table given; drop table marks")


def _select(columns: dict[str, str]) -> str:
    listed = ", ".join(f'cast({value} as varchar) as "{name}"' for name, value in sorted(columns.items()))
    return f"""
        select {listed}
        from (select *, cast(left(claim_id, 5) as integer) as number from given) as given
        inner join (select mark, row_number() over () - 1 as place from marks) as marks
            on given.number % {len(MARKS)} = marks.place
    """


def write_directory(folder: Path) -> tuple[Path, Path]:
    """Write an NDC directory of one product, with blanks of other kinds around its name."""
    product, package = folder / "product.txt", folder / "package.txt"
    product.write_text(f"{PRODUCT_HEADER}0409-1234_x\t0409-1234\t\u00a0Heparin\u3000\tLock\u2003\tß\n", "utf-8")
    package.write_text(f"{PACKAGE_HEADER}0409-1234_x\t0409-1234\t0409-1234-01\t1 BOX\n", "utf-8")
    return product, package
