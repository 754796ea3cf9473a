"""Each gate from the claims file to the manifest: what it took out or changed, in lines and dollars."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from audit_lib.cautions import out_of_scope, run_doubts
from audit_lib.settings import Settings
from audit_lib.words import left_undecided
from tests.gated_runs import PER_DIEM, PUMP, audit, claim, gates

# Claims → the gates that they meet, the dollars overpaid, the dollars under review.
CLAIMS: dict[str, tuple[list[dict[str, str]], dict[str, tuple[int, str]], str, str]] = {
    "in order": (claim("A"), {}, "40.00", "0.00"),
    "voided": (
        claim("A") + claim("B", claim_frequency_code="8", original_claim_id="A"),
        {"superseded": (4, "380.00")}, "0.00", "0.00",
    ),
    "replaced": (
        claim("A") + claim("B", claim_frequency_code="7", original_claim_id="A"),
        {"superseded": (2, "190.00")}, "40.00", "0.00",
    ),
    "superseded and never paid": (
        claim("A", paid_amount="") + claim("B", claim_frequency_code="7", original_claim_id="A"),
        {"superseded": (2, "0.00")}, "40.00", "0.00",
    ),
    "netted": (claim("A", {"paid_amount": "-10.00"}), {"netted_rows": (1, "0.00")}, "30.00", "0.00"),
    "void": (
        claim("A", {"paid_amount": "-40.00"}), {"netted_rows": (1, "0.00"), "void_lines": (1, "0.00")}, "0.00", "0.00",
    ),
    "denied": (claim("A", claim_line_status="denied"), {"denied": (2, "190.00")}, "0.00", "0.00"),
    "denied by its amounts": (
        [PER_DIEM | claim("A")[0], {**claim("A")[1], "paid_amount": "0"}], {"denied": (1, "0.00")}, "0.00", "0.00",
    ),
    "Medicare": (claim("A", line_of_business="Medicare Advantage"), {"out_of_scope": (2, "190.00")}, "0.00", "0.00"),
    "Medicaid": (claim("A", line_of_business="MEDICAID"), {"out_of_scope": (2, "190.00")}, "0.00", "0.00"),
    **{
        word: (claim("A", line_of_business=word), {"out_of_scope": (2, "190.00")}, "0.00", "0.00")
        for word in (
            "MA", "MA-PD", "MCR", "MCD", "D-SNP", "Managed Medicaid", "Medi-Cal", "Dual Eligible",
            "Blue Cross Medicare Advantage HMO", "Group Medicare", "NM Medicaid", "Turquoise Care (Medicaid)",
            "HMO D-SNP", "MAPD PPO", "MA-PPO", "Retirees - Medicare Supplement",
        )
    },
    **{
        word: (claim("A", line_of_business=word), {}, "40.00", "0.00")
        for word in (
            "Commercial", "PPO", "Not Medicare", "Marketplace", "Commercial (non-Medicare)", "Pre-Medicare Retirees",
            "Commercial excluding Medicaid", "Dual Option PPO", "PPO Massachusetts",
        )
    },
    "no line of business": (claim("A", line_of_business=""), {}, "40.00", "0.00"),
    "self-funded": (claim("A", funding="ASO"), {"self_funded": (1, "40.00")}, "0.00", "40.00"),
    "BlueCard": (claim("A", funding="BlueCard"), {"self_funded": (1, "40.00")}, "0.00", "40.00"),
    "fully insured": (claim("A", funding="Fully insured"), {}, "40.00", "0.00"),
    "no funding": (claim("A", funding=""), {}, "40.00", "0.00"),
    **{
        f"no funding, {word}": (
            claim("A", funding="", line_of_business=word), {"self_funded": (1, "40.00")}, "0.00", "40.00",
        )
        for word in ("FEP", "Federal Employee Program", "BlueCard Host", "Blue Card", "ITS", "ASO", "PPO - Self-Funded")
    },
    **{
        f"no funding, {word}": (claim("A", funding="", line_of_business=word), {}, "40.00", "0.00")
        for word in ("Non-FEP", "Not Self-Funded", "Asotin PPO", "Benefits", "Commercial")
    },
    "insured by funding, FEP by line of business": (
        claim("A", funding="insured", line_of_business="FEP"), {}, "40.00", "0.00",
    ),
    "no funding, Medicare of federal employees": (
        claim("A", funding="", line_of_business="Medicare FEP"), {"out_of_scope": (2, "190.00")}, "0.00", "0.00",
    ),
    "secondary": (claim("A", other_payer_paid_amount="0.01"), {"secondary_payer": (1, "40.00")}, "0.00", "40.00"),
    "another payer that paid nothing": (claim("A", other_payer_paid_amount="0"), {}, "40.00", "0.00"),
    "before the policy": (
        claim("A", claim_line_start_date="2019-03-07"), {"not_in_force": (1, "40.00")}, "0.00", "0.00",
    ),
    "an earlier text": (
        claim("A", claim_line_start_date="2025-07-17"), {"earlier_text": (1, "40.00")}, "0.00", "40.00",
    ),
    "a claim id of two members": (
        claim("A", {"claim_line_number": "3", "member_id": "Z"}), {"shared_claim_id": (2, "40.00")}, "0.00", "0.00",
    ),
    "a claim line of two members": (
        claim("A") + claim("A", member_id="Z"),
        {"netted_rows": (2, "0.00"), "shared_claim_id": (1, "80.00")}, "0.00", "0.00",
    ),
    "a per diem under a claim id of two members": (
        [claim("A")[0], {**claim("A")[0], "claim_line_number": "3", "member_id": "Z"},
         {**claim("B")[1], "member_id": "A"}],
        {"shared_claim_id": (1, "40.00")}, "0.00", "0.00",
    ),
    "a per diem whose claim line another member has too": (
        [claim("A")[0], {**claim("A")[0], "member_id": "Z"}, {**claim("B")[1], "member_id": "A"},
         {**claim("C")[1], "member_id": "Z"}],
        {"netted_rows": (1, "0.00"), "shared_claim_id": (1, "40.00")}, "0.00", "0.00",
    ),
    "nothing is paid for the second member": (
        claim("A", {"claim_line_number": "3", "member_id": "Z", "paid_amount": "0"}),
        {"denied": (1, "0.00")}, "40.00", "0.00",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """All these claims audited as one file; claims and members of a case begin with its number."""
    folder = tmp_path_factory.mktemp("gates")
    own = ("claim_id", "original_claim_id", "member_id")
    rows = [
        {**row, **{column: f"{number:02d}{row[column]}" for column in own if row.get(column)}}
        for number, name in enumerate(CLAIMS)
        for row in CLAIMS[name][0]
    ]
    return audit(folder, rows), folder / "r" / "line_exposure.parquet"


@pytest.mark.parametrize("name", CLAIMS)
def test_what_a_gate_leaves(name: str, everything: tuple[dict[str, Any], Path]) -> None:
    nets = "coalesce(sum(net_overpaid_amount), 0.00), coalesce(sum(net_review_amount), 0.00)"
    query = f"select {nets} from read_parquet($path) where starts_with(claim_id, $number)"
    number = f"{list(CLAIMS).index(name):02d}"
    ((overpaid, under_review),) = duckdb.execute(query, {"path": str(everything[1]), "number": number}).fetchall()
    assert (f"{overpaid:.2f}", f"{under_review:.2f}") == CLAIMS[name][2:]


def test_gates_count_what_they_take(everything: tuple[dict[str, Any], Path]) -> None:
    expected: dict[str, tuple[int, Decimal]] = {}
    for _, met, _, _ in CLAIMS.values():
        for gate, (lines, amount) in met.items():
            before = expected.get(gate, (0, Decimal("0.00")))
            expected[gate] = (before[0] + lines, before[1] + Decimal(amount))
    found = {gate: (lines, Decimal(amount)) for gate, (lines, amount) in gates(everything[0]).items()}
    assert found == expected


def test_gates_of_settings_and_period(tmp_path: Path) -> None:
    rows = claim("A") + claim("B", claim_line_start_date="2025-09-01") + claim("C", PUMP | {"claim_line_number": "3"})
    (tmp_path / "overrides.csv").write_text(
        "provider_id,rule,hcpcs_code,date_from,date_to,action,note,approved_by\n"
        "1942275334,supply_with_per_diem,e0781,,2025-08-31,exempt,contract,counsel\n",
        "utf-8",
    )
    (tmp_path / "one").mkdir()
    manifest = audit(tmp_path / "one", rows, Settings(overrides=tmp_path / "overrides.csv", minimum_amount="40.01"))
    assert gates(manifest) == {"override": (3, "120.00"), "below_minimum": (1, "40.00")}
    (tmp_path / "two").mkdir()
    settings = Settings(review_only=["supply_with_per_diem"])
    manifest = audit(tmp_path / "two", rows, settings, period_from=date(2025, 9, 1), period_to=date(2025, 9, 30))
    assert gates(manifest) == {"outside_period": (5, "420.00"), "review_only": (1, "40.00")}
    (tmp_path / "three").mkdir()
    settings = Settings.model_validate({"policy_applies_to": {"payer": ["Plan A"]}})
    applies = [*claim("A", payer=" plan a"), *claim("B", payer="plan b"), *claim("C", payer="")]
    manifest = audit(tmp_path / "three", applies, settings)
    assert gates(manifest) == {"out_of_scope": (2, "190.00"), "unknown_applicability": (2, "190.00")}
    assert left_undecided(manifest["gates"]) == [
        "2 lines without the payer or plan that policy_applies_to asks for ($190.00 paid): nobody can tell whether the "
        "policy applies to them, so nothing is reported on them."
    ]


def test_leads_below_the_least_amount_are_counted_too(tmp_path: Path) -> None:
    least = [line | {"paid_amount": "40.01"} for line in claim("C")]
    manifest = audit(tmp_path, claim("A") + claim("B", funding="ASO") + least, Settings(minimum_amount="40.01"))
    assert gates(manifest) == {"self_funded": (1, "40.00"), "below_minimum": (2, "80.00")}
    assert manifest["totals"]["net_overpaid_amount"] == "40.01"


def test_what_is_untold_for_a_claim_id_of_two_members_is_said(tmp_path: Path) -> None:
    manifest = audit(tmp_path, claim("A", {"claim_line_number": "3", "member_id": "Z"}) + claim("B"))
    assert manifest["totals"]["net_overpaid_amount"] == "40.00"
    undecided = manifest["undecided"]
    assert (undecided["undecided_line_count"], undecided["undecided_paid_amount"]) == (2, "80.00")
    assert left_undecided(manifest["gates"]) == [
        "2 answers on claim ids that stand for paid claims of two members, and on these members ($40.00 in question): "
        "nobody can tell which of the two such a claim is of, so nothing is reported on them."
    ]


APPLICABLE = {
    "both are named": ({"payer": "P", "plan": "Gold"}, {}),
    "the plan is missing": ({"payer": "P"}, {"unknown_applicability": (2, "190.00")}),
    "both are missing": ({}, {"unknown_applicability": (2, "190.00")}),
    "the plan is missing, the payer another": ({"payer": "Q"}, {"out_of_scope": (2, "190.00")}),
    "the plan is another": ({"payer": "P", "plan": "Silver"}, {"out_of_scope": (2, "190.00")}),
    "the plan is missing, the business Medicare": (
        {"payer": "P", "line_of_business": "medicare"}, {"out_of_scope": (2, "190.00")},
    ),
    "the plan is missing, the business Medicare Advantage": (
        {"payer": "P", "line_of_business": "MA-PD"}, {"out_of_scope": (2, "190.00")},
    ),
}  # fmt: skip


def test_a_payer_that_the_claims_write_otherwise_does_not_empty_an_audit_in_silence(tmp_path: Path) -> None:
    rows = claim("A", payer="Example Plan") + claim("B", payer="Example Plan", line_of_business="medicare")
    said = "4 of 4 lines that the rules could use, with $380.00 of $380.00 paid, are not audited: they are of "
    for name, payers, is_said in (("wrong", ["exmaple plan"], True), ("right", ["example plan"], False)):
        (tmp_path / name).mkdir()
        manifest = audit(tmp_path / name, rows, Settings.model_validate({"policy_applies_to": {"payer": payers}}))
        cautions = out_of_scope(manifest)
        assert [text.startswith(said) and "It names exmaple plan:" in text for text in cautions] == [True] * is_said
        assert [text for text in run_doubts(manifest, tmp_path) if text in cautions] == cautions
    (tmp_path / "medicare").mkdir()
    nobody = Settings.model_validate({"policy_applies_to": {"payer": []}})
    (of_medicare,) = out_of_scope(audit(tmp_path / "medicare", claim("B", line_of_business="medicare"), nobody))
    assert of_medicare.endswith("are not audited: they are of Medicare or Medicaid.")


@pytest.mark.parametrize("name", APPLICABLE)
def test_a_missing_payer_or_plan_is_not_another_one(name: str, tmp_path: Path) -> None:
    given, met = APPLICABLE[name]
    settings = Settings.model_validate({"policy_applies_to": {"payer": ["P"], "plan": ["gold"]}})
    manifest = audit(tmp_path, claim("A", **{"plan": "", **given}), settings)
    assert gates(manifest) == met
    assert manifest["totals"]["net_overpaid_amount"] == ("0.00" if met else "40.00")


def test_a_line_out_of_scope_or_period_still_supports_others(tmp_path: Path) -> None:
    per_diem, pump = claim("A")
    per_diem |= {"line_of_business": "medicare", "claim_line_start_date": "2025-08-01"}
    manifest = audit(tmp_path, [per_diem, pump])
    assert gates(manifest) == {"out_of_scope": (1, "150.00")}
    assert manifest["totals"]["net_overpaid_amount"] == "40.00"


def test_what_was_assumed_for_missing_values(tmp_path: Path) -> None:
    missing = dict.fromkeys(
        ("funding", "line_of_business", "paid_date", "place_of_service_code", "claim_line_status"), ""
    )
    manifest = audit(tmp_path, claim("A", **missing) + claim("B"))
    assumed = {row["column"]: (row["line_count"], row["overpayment_amount"]) for row in manifest["assumptions"]}
    assert {column: assumed[column] for column in missing} == dict.fromkeys(missing, (2, "40.00"))
    assert assumed["other_payer_paid_amount"] == (4, "80.00")
    assert "billing_tin" not in assumed


def test_a_lead_is_no_overpayment_that_rests_on_what_was_assumed(tmp_path: Path) -> None:
    rows = claim("A", line_of_business="") + claim("B", line_of_business="", funding="ASO")
    (row,) = [row for row in audit(tmp_path, rows)["assumptions"] if row["column"] == "line_of_business"]
    assert (row["line_count"], row["paid_amount"]) == (4, "380.00")
    assert (row["overpayment_line_count"], row["overpayment_amount"]) == (1, "40.00")


@pytest.mark.parametrize(("through", "is_assumed"), [("", True), ("2025-07-31", True), ("2025-08-01", False)])
def test_lines_without_a_through_date_are_counted(tmp_path: Path, through: str, is_assumed: bool) -> None:
    """A last day before the first is none."""
    manifest = audit(tmp_path, claim("A", claim_line_end_date=through) + claim("B", claim_line_end_date="2025-08-01"))
    assumed = {row["column"]: (row["line_count"], row["assumed"]) for row in manifest["assumptions"]}
    assert assumed.get("claim_line_end_date") == ((2, "the first day alone") if is_assumed else None)


@pytest.mark.parametrize("modifier", ["", "SH"])
def test_a_file_without_any_modifier_is_no_file_of_lines_without_modifiers(tmp_path: Path, modifier: str) -> None:
    other = [{**line, "member_id": "another", "hcpcs_modifier_1": modifier} for line in claim("B")]
    manifest = audit(tmp_path, claim("A") + other)
    assumed = {row["column"]: (row["line_count"], row["assumed"]) for row in manifest["assumptions"]}
    assert assumed.get("hcpcs_modifier_1") == (None if modifier else (4, "no modifier on any line"))


def test_a_line_of_business_that_says_how_the_plan_is_funded_leaves_nothing_to_assume(tmp_path: Path) -> None:
    rows = claim("A", funding="", line_of_business="FEP") + claim("B", funding="", line_of_business="PPO")
    manifest = audit(tmp_path, rows)
    assumed = {row["column"]: (row["line_count"], row["overpayment_amount"]) for row in manifest["assumptions"]}
    assert assumed["funding"] == (2, "40.00")
    query = "select distinct claim_id, funding from read_parquet($path) order by claim_id"
    path = str(tmp_path / "r" / "claim_lines.parquet")
    assert duckdb.execute(query, {"path": path}).fetchall() == [("A", "fep"), ("B", None)]


def test_rejected_rows_stand_beside_the_gates(tmp_path: Path) -> None:
    rows = [*claim("A"), {**claim("B")[0], "claim_line_start_date": "2025-02-30"}]
    manifest = audit(tmp_path, rows)
    assert manifest["rows"] == {"source": 3, "read": 2, "rejected": 1, "left_out": 0}
    query = "select source_row, column_name from read_parquet($path)"
    path = str(tmp_path / "r" / "rejected_rows.parquet")
    assert duckdb.execute(query, {"path": path}).fetchall() == [(3, "claim_line_start_date")]
