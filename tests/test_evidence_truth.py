"""Sentences of the evidence that are true of every claim they are printed for, and the doubts that go with them."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from audit_lib.evidence import Evidence, doubts, evidence_for
from audit_lib.evidence.sentences import Source
from audit_lib.resources import from_yaml
from audit_lib.run import Run
from tests.evidence_runs import finished_run
from tests.rule_cases import Case, parse_table, write_claims

# By name: the rule, the lines of the claims; claim A, line 1 is what is found.
GIVEN = from_yaml((Path(__file__).parent / "evidence_claims.yml").read_text("utf-8"))
OTHER_PAYER = {
    "another payer on another line of the claim", "another payer on another line, of this one not stated",
    "another payer on a denied line of the claim",
}  # fmt: skip
NO_FREQUENCY = "The claims file does not say whether the claim replaces or voids another"
UNNAMED = "says that it replaces another and names none that the file holds: what it replaces may still stand"


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Evidence]:
    """Return the evidence of line A 1 by the rule of each case, by the case's name."""
    folder = tmp_path_factory.mktemp("truth")
    cases = [
        Case(said["rule"], name, parse_table(said["given"]), [], {}, i)
        for i, (name, said) in enumerate(GIVEN.items(), start=1)
    ]
    write_claims(folder / "claims.csv", cases)
    text = (folder / "claims.csv").read_text("utf-8")
    (folder / "claims.csv").write_text(re.sub("[0-9]+-NINES", "99999", text), "utf-8")
    run = Run.open(finished_run(folder / "claims.csv", folder / "run"))
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
        ("listed drug in an office", "Another provider bills a drug of this therapy for these days", "do not tell"),
        ("unlisted drug in an office", "the lists do not tell whether it fits", "Another provider bills a drug of t"),
        (
            "drug beside a therapy not classified",
            "No other provider bills a drug of this therapy for these days",
            "Another provider bills a drug of this",
        ),
        ("refill denied", "No line of any provider for a refill", "is on file"),
        ("a drug also given under the skin beside", "Apart from drugs also given under the skin", "No such drug is"),
        (
            "dialysis on the bill of a dialysis clinic",
            "The place: place of service 22 (on-campus outpatient hospital), taken from bill type 721 (dialysis "
            "clinic) since no place was billed. It is neither",
            "The place is known",
        ),
        (
            "dialysis on the bill of a dialysis clinic",
            "Place of service 22 is none at which this therapy is in order (dialysis in a dialysis facility, tube",
            "where this therapy is given as a rule",
        ),
        (
            "a per diem billed for a hospital",
            "The place: place of service 22 (on-campus outpatient hospital). It is neither",
            "taken from",
        ),
        (
            "a per diem on a type of bill that no list has",
            "taken from bill type 941 since no place was billed",
            "941 (",
        ),
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
        ("listed drug in an office", "a drug of this therapy is billed by another provider only"),
        (
            "unlisted drug in an office",
            "a drug of which the lists do not tell whether it fits is billed by another provider only",
        ),
        ("visit denied", "self-administered during a home infusion; no visit coded as a nurse's was allowed"),
        (
            "injection visit of another provider",
            "no allowed infusion or nurse-coded visit on these days, near a home therapy of the provider",
        ),
        (
            "supply beside per diems on two claims",
            "general supply on a claim that also bills a per diem that includes it",
        ),
        ("extra hours whose first hours were denied", "extra hour of a visit whose first hours were not allowed"),
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
        (
            "The provider billed a drug that fits on another claim up to 35 days before",
            {"a month's drug on the first of weekly claims", "no drug"},
        ),
        (
            "What is missed here was billed for these days under the same NPI and another provider id",
            {"a visit of the same NPI with its TIN", "a drug of the same NPI with its TIN"},
        ),
        ("A pharmacy's line by revenue code", {"a pharmacy line without a drug's code"}),
        ("beside hydration it may be the fluid that was infused", {"a hydration fluid billed as a pump drug"}),
        (
            "bills a prescription drug and does not say which",
            {"a prescription drug that nothing names", "a prescription drug on another day of the claim"},
        ),
        (
            "a National Drug Code with too few digits",
            {"a National Drug Code that lost its zeros", "a National Drug Code without its package"},
        ),
        ("The line itself names a drug, by", {"a per diem whose own line names the drug"}),
        ("names a drug by its name alone", {"a drug by its name alone"}),
        (
            f"The claim {UNNAMED}",
            {
                "replaces an empty cell",
                "replaces nines",
                "its type of bill says that it replaces",
                "replaces a claim that is not in the file",
            },
        ),
        ("Another payer paid first on another line of this claim", OTHER_PAYER),
        (f"The claim of the line that shows it {UNNAMED}", {"the related claim replaces"}),
        (
            "The claim and that of the line which shows it name one another as original",
            {"a correction that says it is none"},
        ),
        ("The line that shows it is of another payer", {"a per diem of another plan"}),
        ("The plan paid nothing for the earlier line", {"an earlier line at the member's cost"}),
        ("Another payer paid first on the earlier line", {"an earlier line beside another payer"}),
        (
            "The per diem that shows it bills fewer units than it has days",
            {"a per diem that leaves days out", "a rental on one day", "a rental of a month", "a purchase on one day"},
        ),
        ("The line spans several days, and all its units", {"initial service of several days"}),
        ("A registered nurse's visit on these days was billed and not allowed", {"visit denied"}),
        (
            "Every line of this institutional claim has the same paid amount",
            {"one amount on lines of several charges", "one amount on the services of a day"},
        ),
        ("The line bills 6 units for 10 days: it may leave out days", {"units that leave the stay out"}),
        (
            "it may leave out days that are in question here, so that they were not paid",
            {
                "units that leave the stay out",
                "a month's flush of a port in one unit",
                "three days of hydration in a month",
            },
        ),
        ("A stay on these days is a newborn's", {"a newborn's stay", "a stay with a newborn's diagnosis"}),
        (
            "Days in question lie outside the days of every claim of the stay",
            {"an admission a year too early", "a discharge a month too late"},
        ),
        (
            "No place of service was billed: the place is taken from the bill type.",
            {"dialysis on the bill of a dialysis clinic", "a per diem on a type of bill that no list has"},
        ),
        (
            "The lines that bill these days have together no more units than days",
            {
                "a last day that is the next delivery's",
                "one span in two parts",
                "a month's flush of a port in one unit",
                "three days of hydration in a month",
            },
        ),
        ("The line is a rental dated on a single day", {"a rental on one day"}),
        (
            "on its one day, which may be a span of days billed on its first day",
            {
                "a week without its drug, billed on its first day",
                "a week whose first day is billed twice",
                "a month billed on a day of a stay",
            },
        ),
        (
            "on which day the service ended (claim_line_end_date); assumed here: the first day alone",
            {
                "a week without its drug, billed on its first day",
                "units that are no span, one of a day and of a line without its last day",
            },
        ),
        (
            "The per diem that is missed here may be there: one on an earlier day bills several units",
            {
                "a drug under the skin in a week billed on its first day",
                "a fluid in a week of hydration billed on its first day",
            },
        ),
        ("The line's units are what its 2 rows of the claims file", {"a correction that repeats the units"}),
        (
            "A home visit on these days was paid, of a kind that does not say whether a registered nurse came",
            {"injection visit of another provider", "revenue code of nursing beside another code"},
        ),
        ("A refill, reprogramming or repair of the pump on these days was billed and", {"refill denied"}),
        (
            "An injection was billed as given by staff on these days",
            {"an injection given on the day, not allowed beside the drug"},
        ),
        (
            "A visit at an office or at home was billed on these days",
            {"a doctor's visit at home, on a claim of its own"},
        ),
        (
            "Some days of the line have no infusion visit of the provider",
            {"a month of nursing with one infusion visit", "nursing on two days, the second visit another provider's"},
        ),
        (
            "The first hours of a visit (99601) were billed for these days and not allowed",
            {"extra hours whose first hours were denied"},
        ),
        (
            "The visit that this line repeats is itself found overpaid in full (“Nursing hours without their visit",
            {"nursing beside extra hours that have no first hours"},
        ),
        (
            "A nurse's visit of the provider on these days was paid by another code",
            {"extra hours beside nursing by another code"},
        ),
    ],
)
def test_a_doubt_is_said_of_the_claims_that_give_it_alone(
    explained: dict[str, Evidence], doubt: str, names: set[str]
) -> None:
    found = {name for name, item in explained.items() if doubt in said(item, "against")}
    assert found == names


def test_a_drug_of_the_weeks_before_is_shown(explained: dict[str, Evidence]) -> None:
    item = explained["a month's drug on the first of weekly claims"]
    assert [line.hcpcs_code for line in item.lines if line.role == "earlier"] == ["J1325"]
    assert item.finding["reason"] == "no drug that a code or NDC names and that fits is billed on these days"


def test_the_steps_name_the_stay_and_its_claims(explained: dict[str, Evidence]) -> None:
    item = explained["a stay that a later bill goes on with"]
    told = {text.text: text.names_other_provider for text in item.statements if text.section == "arithmetic"}
    whose = "Claim {} of another provider: 1 Sep 2025 to 30 Sep 2025."
    assert not told["The stay is billed on 2 claims, 1 of another provider."]
    others = [text for text, is_other in told.items() if is_other]
    dates = "It lasts from admission on 1 Aug 2025 to discharge on 4 Oct 2025."
    assert others == [dates, whose.format(item.finding["related_claim_id"])]
    (own,) = [text for text in told if text.startswith("Claim ") and "another" not in text]
    assert own.endswith("-J: 30 Sep 2025 to 4 Oct 2025.") and not told[own]
    early = said(explained["an admission a year too early"], "arithmetic")
    assert "The stay is billed on 1 claim, of another provider. It lasts from admission on 4 Sep 2024 to" in early


def test_a_doubt_without_words_is_no_other_doubt() -> None:
    with pytest.raises(LookupError, match="'mislaid' has no words"):
        doubts._doubt(cast(Source, SimpleNamespace(title_of=str)), {"doubt": "mislaid", "detail": None})


def test_the_calendar_of_pumps_calls_a_visit_no_refill(tmp_path: Path) -> None:
    given = """
        claim_id | claim_line_number | hcpcs_code | claim_line_start_date
        A        | 1                 | S9328      | 2025-08-03
        A        | 2                 | 99601      | 2025-08-03
        A        | 3                 | S9328      | 2025-08-04
    """
    write_claims(tmp_path / "claims.csv", [Case("implanted_pump_daily_billing", "", parse_table(given), [], {}, 1)])
    run = Run.open(finished_run(tmp_path / "claims.csv", tmp_path / "run"))
    kinds = list(run.table("pump_calendar")["day_kind"])
    assert kinds == ["billed on a refill or a visit", "billed beyond the refills"]


def test_a_type_of_bill_says_whether_the_claim_replaces(explained: dict[str, Evidence]) -> None:
    assert NO_FREQUENCY not in said(explained["its type of bill says that it replaces"], "against")
    assert NO_FREQUENCY not in said(explained["its type of bill says 7, its frequency 1"], "against")
    assert NO_FREQUENCY in said(explained["a type of bill of two digits"], "against")
    assert NO_FREQUENCY in said(explained["no drug"], "against")
