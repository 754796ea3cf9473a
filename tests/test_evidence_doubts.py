"""Doubts of the evidence: each is said of the claims that give it, and of no others."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from audit_lib.doubt_kinds import doubt_kinds
from audit_lib.evidence import Evidence, doubts, evidence_of
from audit_lib.evidence.sentences import Source
from audit_lib.run import Run
from tests.evidence_runs import explain_all, finished_run, said
from tests.small_claims import CLAIMS

OTHER_PAYER = {
    "another payer on another line of the claim", "another payer on another line, of this one not stated",
    "another payer on a denied line of the claim", "a per diem of the claim that another payer paid",
}  # fmt: skip
NO_FREQUENCY = "The claims file does not say whether the claim replaces or voids another"
UNNAMED = "says that it replaces another and names none that the file holds: what it replaces may still stand"


def test_a_prior_authorization_comes_first_then_another_finding_and_fields_that_were_assumed_later() -> None:
    order = [name for name in doubt_kinds() if name in {"authorization", "contingent", "taken back", "assumption"}]
    assert [next(iter(doubt_kinds())), *order] == [
        "authorization", "authorization", "contingent", "taken back", "assumption",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Evidence]:
    return explain_all(tmp_path_factory.mktemp("truth"))


@pytest.mark.parametrize(
    ("doubt", "names"),
    [
        ("A drug stands on the claim on other days", {"drug two days before"}),
        (
            "The provider billed a drug that fits on another claim up to 35 days before",
            {"a month's drug on the first of weekly claims", "no drug"},
        ),
        (
            "The provider billed a drug that fits on another claim up to 35 days after",
            {"a month's drug billed when the month is over", "a week without its drug, billed on its first day"},
        ),
        (
            "What is missed here was billed for these days under the same NPI and another provider id",
            {"a visit of the same NPI with its TIN", "a drug of the same NPI with its TIN"},
        ),
        (
            "of this line was already taken back, by",
            {
                "a share of a supply that was taken back before",
                "parts of a per diem that were taken back on two days",
            },
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
        (
            "The line was put together from rows that bill different services",
            {"a line whose rows bill two services"},
        ),
        (
            "The line that shows it was put together from rows that bill different services",
            {"a flush beside a per diem whose rows bill two days"},
        ),
        (
            "Another line of the claim was put together from rows that bill different services",
            {"a per diem beside a line whose rows bill two services"},
        ),
        (
            "The per diem that is missed here was billed for these days and not allowed",
            {
                "a fluid beside hydration that was denied",
                "heparin beside anticoagulation that was denied",
                "saline beside nutrition that was denied",
                "potassium of nutrition beside hydration that was denied",
                "an injection on a day of an infusion that was denied",
            },
        ),
        ("Another payer paid first on another line of this claim", OTHER_PAYER),
        (f"The claim of the line that shows it {UNNAMED}", {"the related claim replaces"}),
        (
            "The claim and that of the line which shows it name one another as original",
            {"a correction that says it is none"},
        ),
        ("The line that shows it is of another payer", {"a per diem of another plan"}),
        (
            "Another payer paid first on the line that shows it, which is of another claim",
            {"another payer on another claim", "a per diem on another claim that another payer paid"},
        ),
        (
            "Another payer paid for the per diem that shows it, and the plan nothing",
            {"a per diem of the claim that another payer paid", "a per diem on another claim that another payer paid"},
        ),
        (
            "The plan paid nothing for the per diem that shows it, which it allowed",
            {"a product beside a per diem at the member's cost"},
        ),
        ("The plan paid nothing for the earlier line", {"an earlier line at the member's cost"}),
        ("Another payer paid first on the earlier line", {"an earlier line beside another payer"}),
        (
            "The per diem that shows it bills fewer units than it has days",
            {"a per diem that leaves days out", "a rental on one day", "a rental of a month", "a purchase on one day"},
        ),
        (
            "The other initial service stands on another claim, with another place of service: it may be that of",
            {"an initial service at another place on another claim"},
        ),
        (
            "on another claim, with another revenue code and billing NPI: it may be that of another encounter",
            {"an initial service of another department on another claim"},
        ),
        (
            "bill different drugs for their per diems, and none in common",
            {"two antibiotics on two claims", "two drugs of unclassified codes on two claims"},
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
        (
            "On some of the days in question the per diem that shows it is itself found to lie in a stay",
            {"a pump beside a per diem of which days lie in a stay"},
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
                "heparin in a week of anticoagulation billed on its first day",
                "saline in a week of nutrition billed on its first day",
            },
        ),
        (
            "The line's units are what its 2 rows of the claims file",
            {"a correction that repeats the units", "a line whose rows bill two services"},
        ),
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
            "The line that shows it is itself found overpaid in full (“Per diem or home visit at a place",
            {
                "a repeated week whose first bill is of a hospital",
                "care of an idle port beside an infusion in a hospital",
            },
        ),
        (
            "The line that shows it is itself found overpaid in full (“Nursing hours without their visit",
            {"nursing beside extra hours that have no first hours"},
        ),
        (
            "A nurse's visit of the provider on these days was paid by another code",
            {"extra hours beside nursing by another code"},
        ),
        (
            "has more than a procedure code where one belongs",
            {
                "extra hours whose first hours have their modifier behind the code",
                "a per diem whose drug's code stands behind its qualifier",
            },
        ),
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


def test_a_type_of_bill_says_whether_the_claim_replaces(explained: dict[str, Evidence]) -> None:
    assert NO_FREQUENCY not in said(explained["its type of bill says that it replaces"], "against")
    assert NO_FREQUENCY not in said(explained["its type of bill says 7, its frequency 1"], "against")
    assert NO_FREQUENCY in said(explained["a type of bill of two digits"], "against")
    assert NO_FREQUENCY in said(explained["no drug"], "against")


@pytest.mark.parametrize(("modifier_of_another_member", "is_doubted"), [("", True), ("SH", False)])
def test_what_no_line_has_is_asked_of_the_whole_file(
    tmp_path: Path, modifier_of_another_member: str, is_doubted: bool
) -> None:
    header, *lines = CLAIMS.splitlines()
    lines = [f"{line},{modifier_of_another_member if ',M2,' in line else ''}" for line in lines]
    (tmp_path / "claims.csv").write_text("\n".join([f"{header},hcpcs_modifier_1", *lines]) + "\n", "utf-8")
    run = Run.open(finished_run(tmp_path / "claims.csv", tmp_path / "run"))
    of_m1 = run.sql("select finding_id from findings where member_id = 'M1' and outcome = 'overpayment'")
    evidence = evidence_of(run, str(of_m1["finding_id"].iloc[0]))
    assert ("which modifiers the lines carry" in said(evidence, "against")) is is_doubted


def test_what_the_rows_of_a_line_took_back_is_said_with_its_days_and_what_is_left_is_what_is_reckoned(
    explained: dict[str, Evidence],
) -> None:
    supply = explained["a share of a supply that was taken back before"]
    assert said(supply, "against").startswith(
        "$110.00 of this line was already taken back, by a row of the line itself, dated 20 Sep 2025: the amount here "
        "is reckoned from what is left."
    )
    assert said(supply, "arithmetic").startswith(
        "After 2 rows of the claims file were summed, the plan paid $30.00 for a line of 14 days."
    )
    per_diem = explained["parts of a per diem that were taken back on two days"]
    assert said(per_diem, "against").startswith(
        "$330.00 of this line was already taken back, by 2 rows of the line itself, the last dated 20 Oct 2025:"
    )
    assert said(explained["no drug"], "arithmetic").count("rows of the claims file") == 0
