"""Sentences of the evidence that are true of every claim they are printed for."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from audit_lib.evidence import Evidence, evidence_for, pages, sentences
from audit_lib.evidence.sentences import Source
from audit_lib.run import Run
from tests.evidence_runs import explain_all, finished_run, said
from tests.rule_cases import Case, parse_table, write_claims


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Evidence]:
    return explain_all(tmp_path_factory.mktemp("truth"))


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
        (
            "a supply without its place",
            "The line states no place of service: it is read as not supplied in an office or a hospital",
            "It was not",
        ),
        (
            "supply beside per diems on two claims",
            "It was not billed as supplied in an office or a hospital: place of service 12 (home).",
            "states no place",
        ),
        (
            "a flush without its place",
            "The line states no place of service: it is read as not given in an office, a hospital or",
            "It was not billed",
        ),
        (
            "a correction that repeats the units",
            "The line states a span of days, with fewer days than units",
            "cannot be days",
        ),
        ("two antibiotics on two claims", "their modifiers do not tell two therapies apart", "nothing in them"),
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
        ("visit denied", "self-administered on days of a home therapy; no visit coded as a nurse's was allowed"),
        (
            "injection visit of another provider",
            "no allowed infusion or nurse-coded visit on these days, near a home therapy of the provider",
        ),
        (
            "supply beside per diems on two claims",
            "general supply on a claim that also bills a per diem that includes it",
        ),
        (
            "extra hours whose first hours were denied",
            "extra hours without allowed first hours of the provider on these days",
        ),
    ],
)
def test_the_reason_is_true_of_the_claim(explained: dict[str, Evidence], name: str, reason: str) -> None:
    assert explained[name].finding["reason"] == reason


def test_the_per_diem_that_is_shown_may_stand_on_another_claim(explained: dict[str, Evidence]) -> None:
    item = explained["supply beside per diems on two claims"]
    assert item.finding["related_claim_id"] != item.finding["claim_id"]


def test_a_drug_of_the_weeks_before_is_shown(explained: dict[str, Evidence]) -> None:
    item = explained["a month's drug on the first of weekly claims"]
    assert [line.hcpcs_code for line in item.lines if line.role == "earlier"] == ["J1325"]
    assert item.finding["reason"] == "no drug that a code or NDC names and that fits is billed on these days"


def test_the_steps_name_the_stay_and_its_claims(explained: dict[str, Evidence]) -> None:
    item = explained["a stay that a later bill goes on with"]
    told = {text.text: text.names_other_provider for text in item.statements if text.section == "arithmetic"}
    whose = "Claim {} of another provider: 1 Sep 2025 to 30 Sep 2025."
    assert not told["The stay is billed on 1 claim of this provider, and by another provider."]
    others = [text for text, is_other in told.items() if is_other]
    dates = "It lasts from admission on 1 Aug 2025 to discharge on 4 Oct 2025."
    assert others == [dates, whose.format(item.finding["related_claim_id"])]
    (own,) = [text for text in told if text.startswith("Claim ") and "another" not in text]
    assert own.endswith("-J: 30 Sep 2025 to 4 Oct 2025.") and not told[own]
    early = said(explained["an admission a year too early"], "arithmetic")
    assert "The stay is not billed by this provider. It lasts from admission on 4 Sep 2024 to" in early


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


def test_a_day_in_order_in_part_is_not_drawn_as_one_wholly_in_order(tmp_path: Path) -> None:
    """Two units on a nurse's day, of which one stands; and a nurse on two of three days of one unit."""
    given = """
        claim_id | claim_line_number | hcpcs_code | claim_line_start_date | claim_line_end_date | service_unit_quantity
        A        | 1                 | S9328      | 2025-08-03            | 2025-08-03          | 2
        A        | 2                 | 99601      | 2025-08-03            | 2025-08-03          | 1
        B        | 1                 | S9328      | 2025-08-20            | 2025-08-20          | 1
        B        | 2                 | 99601      | 2025-08-20            | 2025-08-20          | 1
        B        | 3                 | S9328      | 2025-08-21            | 2025-08-22          | 2
        B        | 4                 | 99601      | 2025-08-21            | 2025-08-21          | 1
    """
    write_claims(tmp_path / "claims.csv", [Case("implanted_pump_daily_billing", "", parse_table(given), [], {}, 1)])
    run = Run.open(finished_run(tmp_path / "claims.csv", tmp_path / "run"))
    rows = run.sql("select finding_id, claim_line_number from findings order by claim_id, claim_line_number")
    items = evidence_for(run, list(rows["finding_id"]))
    drawn = []
    for item in (items[finding_id] for finding_id in rows["finding_id"]):
        figure = pages.timeline(item).to_dict()
        names = {trace["name"] for trace in figure["data"]} & {"Days in order", "Days in order in part"}
        edges = {shape["line"]["width"] for shape in figure["layout"]["shapes"]}
        drawn.append((names, edges, " ".join(item.texts("arithmetic"))))
    assert [(names, edges) for names, edges, _ in drawn] == [
        ({"Days in order in part"}, {1.5}),
        ({"Days in order"}, {0}),
    ]
    assert "In order in part is 3 Aug 2025." in drawn[0][2]
    assert "In order is 21 Aug 2025." in drawn[1][2]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("the plan is self-funded, FEP or BlueCard", "a lead for want of an older text, of a self-funded plan"),
        ("another payer paid first", "a lead for want of an older text, after another payer"),
    ],
)
def test_a_lead_for_want_of_a_text_says_what_keeps_it_one_with_that_text(
    explained: dict[str, Evidence], words: str, name: str
) -> None:
    told = "With that text at hand it still stays a lead: "
    assert {item for item, one in explained.items() if f"{told}{words}" in said(one, "in_force")} == {name}


@pytest.mark.parametrize(("reviewed", "is_told"), [(["incidental_injection_per_diem"], True), (["flushes"], False)])
def test_a_rule_set_to_review_only_keeps_such_a_lead_one(reviewed: list[str], is_told: bool) -> None:
    source = SimpleNamespace(
        line={"is_self_funded": False, "has_other_payer": False},
        finding={"rule": "incidental_injection_per_diem"},
        manifest={"parameters": {"settings": {"review_only": reviewed}}},
    )
    assert any("review only" in text for text in sentences._what_keeps_it_a_lead(cast(Source, source))) is is_told
