"""The result in a sentence and what stands beside it: what was decided, what could not be, which rules were not run."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from audit_lib.handout.export import sender_cautions
from audit_lib.reports import figures, lead, tables
from audit_lib.reports.blocks import show
from audit_lib.reports.cautions import cautions
from audit_lib.reports.filters import Filters
from audit_lib.reports.front import audited, front_page, lead_sentence
from audit_lib.reports.profile import profile_front
from audit_lib.run import Run
from audit_lib.words import compact_money, money, percent
from tests.reported_claims import CLEAN, COLUMNS, DRUG, EARLY, UNKNOWN, breach, run_of


def test_what_could_not_be_decided_is_not_among_what_was_found_in_order(tmp_path: Path) -> None:
    """Several rules give up on one line: decisions are counted each, the line's dollars once."""
    run = run_of(tmp_path, UNKNOWN, UNKNOWN, CLEAN, DRUG)
    total = tables.by_rule(run).query("is_total").iloc[0]
    decided, undecided = (
        int(sum(total[f"{name}_line_count"] for name in names)) for names in (("pass", "excepted"), ("not_evaluable",))
    )
    assert decided and undecided > 2
    lead = lead_sentence(run)
    assert f"The rules found nothing: no potential overpayment and nothing to review in {decided:,} decisions" in lead
    assert f"{undecided} more decisions could not be made from what the claims say, on 2 lines paid $200.00" in lead
    (said,) = [text for text in cautions(run) if f"{undecided} could not be made" in text and "$200.00" in text]
    assert said.endswith("the run's line_outcomes.parquet says why.")
    (run.folder / "reports").mkdir()
    assert any(text.endswith("the report 01_data_quality says why.") for text in cautions(run))


def test_where_nothing_was_decided_nothing_was_found_in_order(tmp_path: Path) -> None:
    lead = lead_sentence(run_of(tmp_path, EARLY))
    assert "found nothing:" not in lead and lead.startswith("No rule could be decided on any claim line: ")
    assert "on services before the provision was in force" in lead and "could not be made" not in lead


def test_a_file_that_no_rule_considers_decides_nothing(tmp_path: Path) -> None:
    lead = lead_sentence(run_of(tmp_path, CLEAN.replace("S9500", "99213")))
    assert lead == "The rules considered no claim line, so nothing was decided."


def test_a_filter_that_no_considered_line_meets_is_said_first(tmp_path: Path) -> None:
    run = run_of(tmp_path, CLEAN, filters=Filters(provider="333333333"))
    assert lead_sentence(run).startswith("No claim line that the rules considered meets the filter of this report, ")


def test_what_is_counted_over_the_whole_run_says_so_where_a_report_is_filtered(tmp_path: Path) -> None:
    def assumed(run: Run) -> list[str]:
        return [text for text in cautions(run) if "rests on what was assumed where a field is missing" in text]

    whole = run_of(tmp_path, breach("{claim}").replace(",insured,", ",,"))
    filtered = Run(whole.folder, Filters(provider="333333333"))
    (said,) = assumed(whole)
    assert said.startswith("Potential overpayment rests")
    assert assumed(filtered) == [f"In the whole run, whatever the filter: p{said[1:]}"]
    assert "<span>Share of home infusion</span>" in front_page(whole).html
    beside = "paid on claims with a per diem, findings or not, in the whole run</span>"
    assert (
        beside in front_page(filtered).html and "<span>Share of home infusion</span>" not in front_page(filtered).html
    )


def test_beside_a_finding_a_caution_says_what_could_not_be_decided(tmp_path: Path) -> None:
    run = run_of(tmp_path, UNKNOWN, breach("{claim}"))
    assert "found nothing" not in lead_sentence(run)
    said = [text for text in cautions(run) if "could not be made from what the claims say" in text]
    assert len(said) == 1 and "on 1 line paid $100.00" in said[0]
    assert said[0] in front_page(run).html.replace("&#39;", "'")


def test_a_run_that_decided_everything_has_no_such_caution(tmp_path: Path) -> None:
    assert not [text for text in cautions(run_of(tmp_path, breach("{claim}"))) if "could not be made" in text]


def test_findings_that_a_filter_leaves_out_are_not_nothing(tmp_path: Path) -> None:
    run = run_of(tmp_path, breach("{claim}"), filters=Filters(least_amount="500.00"))
    lead = lead_sentence(run)
    assert "found nothing" not in lead and lead.startswith("No finding is in this report: ")


@pytest.mark.parametrize(("outcome", "within"), [("overpayment", ""), ("", "review"), ("review", "")])
def test_a_report_on_one_outcome_says_nothing_of_the_other(tmp_path: Path, outcome: str, within: str) -> None:
    lead = lead_sentence(run_of(tmp_path, breach("{claim}"), filters=Filters(outcome=outcome, within=within)))
    assert "Nothing is left to review" not in lead and "no overpayment that the claim lines prove" not in lead


def test_a_partial_run_says_so(tmp_path: Path) -> None:
    one = run_of(tmp_path, UNKNOWN, CLEAN, rules=["per_diem_duplicate_day"])
    whole = one.manifest["parameters"]["rules_in_use_count"]
    said = f"Only 1 of {whole} rules was run: “Per diem day paid twice”; what the others would find is not in these"
    assert [text for text in cautions(one) if text.startswith(said)]
    assert lead_sentence(one).startswith("The rule run found nothing: ")


def test_many_rules_are_counted_and_all_rules_are_no_part(tmp_path: Path) -> None:
    for name, choice in (("some", slice(0, 9)), ("all", slice(None))):
        (tmp_path / name).mkdir()
        everything = run_of(tmp_path / name, breach("{claim}"), run_id="all").manifest["parameters"]["rules"]
        run = run_of(tmp_path / name, breach("{claim}"), rules=everything[choice], run_id="part")
        partial = [text for text in cautions(run) if text.startswith("Only ")]
        words = f"Only 9 of {len(everything)} rules were run; what the others would find is not in these figures."
        assert partial == ([words] if name == "some" else [])


def test_findings_on_other_claims_are_no_part_of_what_was_paid_with_a_per_diem(tmp_path: Path) -> None:
    """A second initial service on a claim without a per diem: $150.00 found, $180.00 paid with per diems."""
    line = (
        "A,{n},M1,professional,2025-09-01,2025-09-01,2025-10-01,96365,1,11,200.00,{paid},111111111,L03115,1,c,insured,"
    )
    first, second = line.format(n=1, paid="200.00"), line.format(n=2, paid="150.00")
    run = run_of(tmp_path, first, second, CLEAN, DRUG)
    found = tables.headline(run).set_index("measure").loc["overpayment"]
    assert (found["net_amount"], found["home_infusion_paid_amount"]) == (Decimal("150.00"), Decimal("180.00"))
    html = front_page(run).html
    assert "%" not in lead_sentence(run)
    said = "of what was paid on claims with a per diem ($0.00 of $180.00); $150.00 is on other claims</span>"
    assert f"<span>Share of home infusion</span> <b>0.0 %</b> <span>{said}" in html


def test_breaches_without_a_dollar_are_no_dollars(tmp_path: Path) -> None:
    """Of the line of which more was taken back than paid nothing is left to recover."""
    run = run_of(tmp_path, breach("{claim}", "0.00"), breach("{claim}", "0.00"), breach("{claim}", "-50.00"))
    lead = lead_sentence(run)
    assert lead.startswith("2 lines breach the policy, but their potential overpayment is $0.00 net.")
    assert "may have overpaid" not in lead and "-" not in lead


def test_figures_count_the_providers_that_the_headline_counts(tmp_path: Path) -> None:
    """Seven overpaid, one of them for nothing; one under review alone, one in order, one claim without any."""
    overpaid = [breach(f"P{n}", f"{n}00.00", f"M{n}", f"90000000{n}") for n in range(7)]
    nameless = breach("N", "999.00", "M8", "")
    review = breach("R", "500.00", "M7", "900000007").replace("2025-09-01", "2024-09-01")
    run = run_of(tmp_path, *overpaid, nameless, review, CLEAN, DRUG)
    assert tables.headline(run).set_index("measure").at["review", "provider_count"] == 1
    title = figures.by_provider(tables.by_provider(run)).layout.title.text
    assert title.startswith("5 of 6 providers carry 64.5 % of potential overpayment")
    assert "(&#36;2,000.00 of &#36;3,099.00)" in title
    assert figures.pareto(tables.provider_rates(run)).layout.title.text.startswith("4 of 6 providers carry 80 %")


def test_few_providers_are_told_by_the_one_that_leads(tmp_path: Path) -> None:
    run = run_of(tmp_path, breach("A"), breach("B", "50.00", "M8", "333333333"))
    assert figures.by_provider(tables.by_provider(run)).layout.title.text.startswith("222222222 leads with 66.7 %")
    assert figures.pareto(tables.provider_rates(run)).layout.title.text.startswith("2 of 2 providers carry 80 %")


def test_what_is_expected_and_not_met_is_said_as_such(tmp_path: Path) -> None:
    run = run_of(tmp_path, UNKNOWN, CLEAN, with_quality=True)
    (said,) = [text for text in cautions(run) if "expected" in text]
    assert "not met" in said and "place known" not in said
    assert "“At least 95 % of the lines have a place of service, or a bill type that stands for one”" in said
    assert "“At least 95 % of the rows have units”" in said
    assert said in sender_cautions(run)


def test_a_claim_with_an_incidental_per_diem_alone_is_not_called_home_infusion(tmp_path: Path) -> None:
    said = audited(run_of(tmp_path, breach("{claim}"))).text
    assert "Home infusion" not in said
    assert "Claims with a per diem code: 1 line, $100.00 paid, findings or not; an incidental code is enough" in said


def test_one_is_one(tmp_path: Path) -> None:
    run = run_of(tmp_path, breach("{claim}"))
    assert "1 claim of 1 member and 1 provider" in audited(run).text
    assert "1 provider." in lead_sentence(run)


@pytest.mark.parametrize(
    ("part", "whole", "written"),
    [
        ("0", "-50", "0.0 %"), ("-0.00", "50", "0.0 %"), ("0.01", "9999", "< 0.1 %"),
        ("0.05", "100", "< 0.1 %"), ("0.10", "100", "0.1 %"),
        ("-0.01", "9999", "> -0.1 %"), ("50", "100", "50.0 %"), ("1", "0", "n/a"),
    ],
)  # fmt: skip
def test_a_share_is_never_nothing_where_it_is_something(part: str, whole: str, written: str) -> None:
    assert percent(Decimal(part), Decimal(whole)) == written


@pytest.mark.parametrize(
    ("amount", "written"),
    [("-0.00", "$0.00"), ("-50", "-$50.00"), ("-63790.46", "-$63,790"), ("-1234567.89", "-$1.23 million")],
)
def test_amounts_below_zero(amount: str, written: str) -> None:
    assert compact_money(Decimal(amount)) == written
    assert money(Decimal("-0.00")) == "$0.00"


@pytest.mark.parametrize(
    ("missing", "before", "said"),
    [
        (2, 1, "2 decisions could not be made from what the claims say, on 1 line paid $80.00, and "
               "1 decision is on services before the provision was in force"),
        (1, 0, "1 decision could not be made from what the claims say, on 1 line paid $80.00"),
        (0, 2, "2 decisions are on services before the provision was in force"),
        (0, 0, ""),
    ],
)  # fmt: skip
def test_what_was_not_decided_is_said_in_one_breath(missing: int, before: int, said: str) -> None:
    totals = {"in_order_count": 0, "not_evaluable_count": missing, "not_in_force_count": before,
              "undecided_line_count": 1, "undecided_paid_amount": Decimal("80.00")}  # fmt: skip
    assert lead._not_made(totals) == said


def test_authorized_dollars_are_named_before_anything_is_asked_for(tmp_path: Path) -> None:
    authorized = [
        f"{breach('C1')},A1",
        breach("C2", "40.00") + ",",
        breach("C1", "30.00").replace("C1,1", "C1,2") + ",",
    ]
    run = run_of(tmp_path, *authorized, columns=f"{COLUMNS},authorization_number")
    said = [text for text in cautions(run) if "authorization" in text]
    assert said == [
        "1 of 3 lines with potential overpayment ($100.00 of $170.00) carries a prior authorization number; 1 without "
        "one ($30.00) stands on a claim of which another line does. The plan may have agreed to pay for these: look "
        "the authorization up before anything else."
    ]
    only = Run(run.folder, Filters(least_amount="50.00"))
    (said_of_it,) = [text for text in cautions(only) if "authorization" in text]
    assert said_of_it.startswith("1 of 1 line with potential overpayment ($100.00 of $100.00) carries a prior auth")
    none = Run(run.folder, Filters(outcome="review"))
    assert not [text for text in cautions(none) if "authorization" in text]


def test_a_worklist_names_the_plan_whose_document_is_asked_for(tmp_path: Path) -> None:
    """One document settles all leads of a plan; a lead of another funding asks for none."""

    def lead(claim: str, plan: str) -> str:
        line = breach(claim, member=f"M{claim}").replace(",1,c,insured", ",1,commercial,self_funded")
        return f"{line},{plan}"

    lines = [lead("A", "HMO Basic"), lead("B", "HMO Basic"), lead("C", ""), f"{breach('D')},PPO 1500"]
    run = run_of(tmp_path, *lines, columns=f"{COLUMNS},plan", filters=Filters(within="review"))
    asked = tables.evidence_requests(run).set_index("settled_by")
    assert dict(asked["line_count"]) == {
        "plan document of HMO Basic": 2, "plan document of a plan that the claims do not name": 1,
    }  # fmt: skip
    assert "plan document of HMO Basic" in show(tables.evidence_requests(run)).html


def test_a_profile_of_two_providers_says_that_it_is_of_one(tmp_path: Path) -> None:
    run = run_of(tmp_path, breach("A"), breach("B", tin="333333333"))
    assert "$100.00 of potential overpayment" in profile_front(Run.open(run.folder, provider="222222222")).text
    both = profile_front(Run.open(run.folder, provider="222222222,333333333")).text
    assert "A profile is of one provider, named by its TIN" in both
