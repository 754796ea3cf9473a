"""Sentences of the evidence that are true of every claim they are printed for, and the doubts that go with them."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import cast, get_args

import pytest
import sqlglot
from sqlglot import exp

from audit_lib.evidence import Evidence, doubts, evidence_for
from audit_lib.evidence.words import Source
from audit_lib.resources import folder
from audit_lib.rules import Doubt
from audit_lib.run import Run
from tests.rule_cases import Case, parse_table, write_claims
from tests.test_evidence import _run

# By name: the rule, the lines of the claims; claim A, line 1 is the line that is found.
GIVEN = {
    "drug two days before": (
        "per_diem_without_drug",
        """
        claim_id | claim_line_number | hcpcs_code | claim_line_start_date | claim_line_end_date | service_unit_quantity
        A        | 1                 | S9500      | 2025-08-03            | 2025-08-09          | 7
        A        | 2                 | J0696      | 2025-08-01            | 2025-08-01          | 7
        """,
    ),
    "no drug": (
        "per_diem_without_drug",
        """
        claim_id | claim_line_number | hcpcs_code | claim_line_start_date | claim_line_end_date | service_unit_quantity
        A        | 1                 | S9500      | 2025-08-03            | 2025-08-09          | 7
        A        | 2                 | J1642      | 2025-08-01            | 2025-08-01          | 7
        B        | 1                 | J0696      | 2025-07-01            | 2025-07-01          | 7
        """,
    ),
    "replaces an empty cell": (
        "per_diem_without_drug",
        """
        claim_id | claim_line_number | hcpcs_code | claim_frequency_code | original_claim_id
        A        | 1                 | S9500      | 7                    |
        """,
    ),
    "replaces nines": (
        "per_diem_without_drug",
        """
        claim_id | claim_line_number | hcpcs_code | claim_frequency_code | original_claim_id
        A        | 1                 | S9500      | 7                    | NINES
        """,
    ),
    "is no replacement": (
        "per_diem_without_drug",
        """
        claim_id | claim_line_number | hcpcs_code | claim_frequency_code | original_claim_id
        A        | 1                 | S9500      | 1                    |
        """,
    ),
    "replaces a claim that is not in the file": (
        "per_diem_without_drug",
        """
        claim_id | claim_line_number | hcpcs_code | claim_frequency_code | original_claim_id
        A        | 1                 | S9500      | 7                    | elsewhere
        """,
    ),
    "replaces a named claim": (
        "per_diem_without_drug",
        """
        claim_id | claim_line_number | hcpcs_code | claim_frequency_code | original_claim_id
        A        | 1                 | S9500      | 7                    | O
        O        | 1                 | S9500      | 1                    |
        """,
    ),
    "the related claim replaces": (
        "multiple_initial_services",
        """
        claim_id | claim_line_number | hcpcs_code | claim_frequency_code | paid_amount
        A        | 1                 | 96365      | 1                    | 50.00
        B        | 1                 | 96365      | 7                    | 90.00
        """,
    ),
    "initial service of several days": (
        "multiple_initial_services",
        """
        claim_id | claim_line_number | hcpcs_code | claim_line_start_date | claim_line_end_date | service_unit_quantity
        A        | 1                 | 96365      | 2025-08-01            | 2025-08-03          | 3
        """,
    ),
    "initial service of one day": (
        "multiple_initial_services",
        """
        claim_id | claim_line_number | hcpcs_code | claim_line_start_date | claim_line_end_date | service_unit_quantity
        A        | 1                 | 96365      | 2025-08-01            | 2025-08-01          | 3
        """,
    ),
    "one following day filled": (
        "per_diem_units_exceed_days",
        """
        claim_id | claim_line_number | hcpcs_code | claim_line_start_date | service_unit_quantity
        A        | 1                 | S9500      | 2025-08-01            | 5
        B        | 1                 | S9500      | 2025-08-03            | 1
        """,
    ),
    "drug on another day of the claim": (
        "per_diem_code_conflict",
        """
        claim_id | claim_line_number | hcpcs_code | claim_line_start_date
        A        | 1                 | S9372      | 2025-08-01
        A        | 2                 | J1642      | 2025-08-01
        A        | 3                 | J1650      | 2025-08-09
        """,
    ),
    "supply beside per diems on two claims": (
        "supply_with_per_diem",
        """
        claim_id | claim_line_number | hcpcs_code | claim_line_start_date | claim_line_end_date | service_unit_quantity
        A        | 1                 | A4245      | 2025-08-01            | 2025-08-05          | 1
        A        | 2                 | S9500      | 2025-08-01            | 2025-08-01          | 1
        B        | 1                 | S9500      | 2025-08-02            | 2025-08-05          | 4
        """,
    ),
    "visit denied": (
        "self_administered_drug",
        """
        claim_id | claim_line_number | hcpcs_code | claim_line_start_date | claim_line_status | provider
        A        | 1                 | J1438      | 2025-08-03            | paid              | supplier
        B        | 1                 | S9500      | 2025-08-03            | paid              | supplier
        C        | 1                 | S9123      | 2025-08-03            | denied            | nurses
        """,
    ),
    "visit denied on another day": (
        "self_administered_drug",
        """
        claim_id | claim_line_number | hcpcs_code | claim_line_start_date | claim_line_status | provider
        A        | 1                 | J1438      | 2025-08-03            | paid              | supplier
        B        | 1                 | S9500      | 2025-08-03            | paid              | supplier
        C        | 1                 | S9123      | 2025-08-04            | denied            | nurses
        D        | 1                 | S9124      | 2025-08-03            | denied            | nurses
        """,
    ),
    "injection visit of another provider": (
        "injectable_without_infusion_or_nurse",
        """
        claim_id | claim_line_number | hcpcs_code | claim_line_start_date | provider
        A        | 1                 | J3420      | 2025-08-03            | supplier
        B        | 1                 | S9500      | 2025-08-02            | supplier
        C        | 1                 | 99506      | 2025-08-03            | nurses
        """,
    ),
    "revenue code of nursing beside another code": (
        "self_administered_drug",
        """
        claim_id | claim_line_number | hcpcs_code | revenue_center_code | claim_line_start_date | provider
        A        | 1                 | J1438      |                     | 2025-08-03            | supplier
        B        | 1                 | S9500      |                     | 2025-08-03            | supplier
        C        | 1                 | G0155      | 0551                | 2025-08-03            | nurses
        """,
    ),
    "revenue code of nursing beside a practical nurse's": (
        "self_administered_drug",
        """
        claim_id | claim_line_number | hcpcs_code | revenue_center_code | claim_line_start_date | provider
        A        | 1                 | J1438      |                     | 2025-08-03            | supplier
        B        | 1                 | S9500      |                     | 2025-08-03            | supplier
        C        | 1                 | G0494      | 0551                | 2025-08-03            | nurses
        D        | 1                 | 99506      |                     | 2025-08-04            | nurses
        E        | 1                 |            | 0420                | 2025-08-03            | nurses
        """,
    ),
    "one price for every visit": (
        "supply_with_per_diem",
        """
        claim_id | claim_line_number | hcpcs_code | claim_line_start_date | claim_type    | paid_amount
        A        | 1                 | A4222      | 2025-08-03            | institutional | 90.00
        A        | 2                 | G0151      | 2025-08-04            | institutional | 90.00
        B        | 1                 | S9500      | 2025-08-03            | professional  | 100.00
        """,
    ),
    "one amount on lines of several charges": (
        "supply_with_per_diem",
        """
        claim_id | claim_line_number | hcpcs_code | claim_line_start_date | claim_type    | paid_amount | charge_amount
        A        | 1                 | A4222      | 2025-08-03            | institutional | 90.00       | 200.00
        A        | 2                 | A4222      | 2025-08-04            | institutional | 90.00       | 300.00
        B        | 1                 | S9500      | 2025-08-03            | professional  | 100.00      | 100.00
        """,
    ),
    "one amount on the services of a day": (
        "supply_with_per_diem",
        """
        claim_id | claim_line_number | hcpcs_code | claim_line_start_date | claim_type    | paid_amount
        A        | 1                 | A4222      | 2025-08-03            | institutional | 90.00
        A        | 2                 | J0696      | 2025-08-03            | institutional | 90.00
        B        | 1                 | S9500      | 2025-08-03            | professional  | 100.00
        """,
    ),
    "refill denied": (
        "implanted_pump_daily_billing",
        """
        claim_id | claim_line_number | hcpcs_code | claim_line_start_date | claim_line_status | provider
        A        | 1                 | S9328      | 2025-08-03            | paid              | supplier
        B        | 1                 | 95990      | 2025-08-03            | denied            | clinic
        """,
    ),
    "a drug also given under the skin beside": (
        "per_diem_exceeds_infusion_days",
        """
        claim_id | claim_line_number | hcpcs_code | claim_line_start_date | claim_line_end_date | service_unit_quantity
        A        | 1                 | S9338      | 2025-08-01            | 2025-08-07          | 7
        A        | 2                 | J1459      | 2025-08-01            | 2025-08-01          | 60
        A        | 3                 | J1559      | 2025-08-01            | 2025-08-07          | 60
        """,
    ),
    "a product read by its code": (
        "tpn_base_product",
        """
        claim_id | claim_line_number | hcpcs_code | claim_line_start_date
        A        | 1                 | B4168      | 2025-08-01
        A        | 2                 | S9365      | 2025-08-01
        """,
    ),
    "refill claims without a type": (
        "clinic_refill_billed_twice",
        """
        claim_id | claim_line_number | hcpcs_code | claim_type | place_of_service_code | paid_amount
        A        | 1                 | 95990      |            | 11                    | 50.00
        B        | 1                 | 95990      |            | 11                    | 90.00
        """,
    ),
}
UNNAMED = "says that it replaces another and does not name it: what it replaces may still stand in the file."


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Evidence]:
    """Return the evidence of line A 1 by the rule of each case, by the case's name."""
    folder = tmp_path_factory.mktemp("truth")
    cases = [Case(rule, name, parse_table(text), [], {}, i) for i, (name, (rule, text)) in enumerate(GIVEN.items(), 1)]
    write_claims(folder / "claims.csv", cases)
    text = (folder / "claims.csv").read_text("utf-8")
    (folder / "claims.csv").write_text(re.sub("[0-9]+-NINES", "99999", text), "utf-8")
    run = Run.open(_run(folder / "claims.csv", folder / "run"))
    rows = run.sql("select finding_id, rule, claim_id from findings where claim_line_number = 1")
    ids = {(row.rule, row.claim_id): row.finding_id for row in rows.itertuples()}
    found = {case.name: ids[case.rule, f"{case.number:05d}-A"] for case in cases}
    evidence = evidence_for(run, list(found.values()))
    return {name: evidence[finding_id] for name, finding_id in found.items()}


def said(item: Evidence, *sections: str) -> str:
    return " ".join(text for section in sections for text in item.texts(section))


@pytest.mark.parametrize(
    ("name", "true", "untrue"),
    [
        ("drug two days before", "No other such drug on the claim falls on these days, the day before or", "either."),
        ("no drug", "flushes, diluents, and drugs taken by mouth, inhaled", "No other drug stands"),
        ("initial service of several days", "Of the initial services that begin on its first day", "of the day in"),
        ("the related claim replaces", "of equal payments the first in the order of lines", "the higher payment)"),
        (
            "one following day filled",
            "At least one of the days that would follow is billed on another line",
            "The days",
        ),
        ("drug on another day of the claim", "no drug that shares a day with it", "Only a heparin flush"),
        (
            "supply beside per diems on two claims",
            "on a claim that also bills a per diem of the same",
            "claim of the per",
        ),
        (
            "visit denied",
            "No line of any provider whose code names a registered nurse's visit on 3 Aug 2025 was allowed",
            "billed a",
        ),
        ("refill denied", "No line of any provider for a refill", "is on file"),
        ("a drug also given under the skin beside", "Apart from drugs also given under the skin", "No such drug is"),
        (
            "a product read by its code",
            "Read by its National Drug Code, else by its drug name",
            "none of the products.",
        ),
        ("refill claims without a type", "a missing claim type is taken for professional", "of the same type"),
    ],
)
def test_what_was_asked_is_true_of_the_claim(explained: dict[str, Evidence], name: str, true: str, untrue: str) -> None:
    assert explained[name].is_reperformed
    tried = said(explained[name], "tried")
    assert true in tried
    assert untrue not in tried


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("one following day filled", "more units than days, and a day that would follow is billed on another line"),
        ("visit denied", "self-administered during a home infusion, no visit of a registered nurse allowed"),
        (
            "supply beside per diems on two claims",
            "general supply on a claim that also bills a per diem that includes it",
        ),
    ],
)
def test_the_reason_is_true_of_the_claim(explained: dict[str, Evidence], name: str, reason: str) -> None:
    assert explained[name].finding["reason"] == reason


def test_the_per_diem_that_is_shown_may_stand_on_another_claim(explained: dict[str, Evidence]) -> None:
    item = explained["supply beside per diems on two claims"]
    assert item.finding["related_claim_id"] != item.finding["claim_id"]


@pytest.mark.parametrize(
    ("doubt", "names"),
    [
        ("A drug stands on the claim on other days", {"drug two days before"}),
        (f"The claim {UNNAMED}", {"replaces an empty cell", "replaces nines"}),
        (f"The claim of the line that shows it {UNNAMED}", {"the related claim replaces"}),
        ("The line spans several days, and all its units", {"initial service of several days"}),
        ("A registered nurse's visit on these days was billed and not allowed", {"visit denied"}),
        (
            "Every line of this institutional claim has the same paid amount",
            {"one amount on lines of several charges", "one amount on the services of a day"},
        ),
        (
            "A home visit on these days was paid, of a kind that does not say whether a registered nurse came",
            {"injection visit of another provider", "revenue code of nursing beside another code"},
        ),
        ("A refill, reprogramming or repair of the pump on these days was billed and", {"refill denied"}),
    ],
)
def test_a_doubt_is_said_of_the_claims_that_give_it_alone(
    explained: dict[str, Evidence], doubt: str, names: set[str]
) -> None:
    found = {name for name, item in explained.items() if doubt in said(item, "against")}
    assert found == names


def test_a_doubt_without_words_is_no_other_doubt() -> None:
    with pytest.raises(LookupError, match="'mislaid' has no words"):
        doubts._doubt(cast(Source, SimpleNamespace(title_of=str)), {"doubt": "mislaid", "detail": None})


def test_every_doubt_has_words() -> None:
    kinds = {
        literal.name
        for path in sorted((folder("sql") / "evidence").glob("*.sql"))
        for alias in sqlglot.parse_one(path.read_text("utf-8"), read="duckdb").find_all(exp.Alias)
        if alias.alias == "doubt"
        for literal in alias.this.find_all(exp.Literal)
    }
    said = {words.partition(", ")[0] for words in doubts._WORDS}
    assert kinds >= {"repeated amount", "unnamed original", "assumption"}
    assert (kinds | set(get_args(Doubt))) - {"assumption"} <= said
