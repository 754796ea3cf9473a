"""A claim id under which two members stand: a single one stops nothing, many are no ids."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from audit_lib.errors import QUALITY_GATE, AuditError
from tests.gate_claims import audit, claims


def with_a_shared_id(path: Path) -> Path:
    """Give the claim of one member, two lines, the claim id of another."""
    path.write_text(path.read_text("utf-8").replace("\nA1,", "\nA0,"), "utf-8")
    return path


def test_one_claim_id_of_two_members_among_thousands_stops_nothing(tmp_path: Path) -> None:
    run = audit(with_a_shared_id(claims(tmp_path, 2000)))
    query = f"select claim_id, outcome, count(*) from read_parquet('{run}/line_outcomes.parquet') group by all"
    answers = duckdb.sql(query).fetchall()
    assert {(claim, outcome) for claim, outcome, _ in answers if claim == "A0"} == {("A0", "not_evaluable")}
    others = {outcome: sum(n for claim, of, n in answers if of == outcome) for _, outcome, _ in answers}
    assert others == {"not_evaluable": 2, "overpayment": 1998, "review": 1998}


def test_more_than_one_line_in_a_thousand_under_such_ids_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="claims_of_two_members") as error:
        audit(with_a_shared_id(claims(tmp_path, 1999)))
    assert error.value.exit_code == QUALITY_GATE
    assert not (tmp_path / "runs" / "r").exists()
