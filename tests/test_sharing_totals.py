"""Totals of a shared report set against each other: no sum or difference of what is shown is on 1 to 10 members."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import duckdb
import pytest

from audit_lib.audit import run_audit
from audit_lib.progress import Progress
from audit_lib.run_options import RunOptions
from audit_lib.sharing import SHARED_REPORT
from audit_lib.sharing.totals import shown_totals

HEADER = (
    "claim_id,claim_line_number,member_id,claim_line_start_date,hcpcs_code,service_unit_quantity,paid_amount,"
    "billing_tin,place_of_service_code,allowed_amount"
)
# What a member's claim holds. A per diem without a drug is overpaid, and with it what it includes is contingent.
KINDS = {
    "contingent": ("S9500", "A4222"),  # overpaid, the supply contingent
    "firm": ("S9500", "J0690", "A4222"),  # the supply overpaid
    "review": ("A4927 alone",),  # beside a per diem of another claim: a lead
    "clean": ("S9500", "J0690"),
    "twofold": ("S9500", "S9500"),  # without a drug, and the second day paid twice: three findings on two lines
    "unpaid": ("S9500", "J0690", "A4222"),  # like firm, and nothing was paid
    "both": ("A4927 alone",),  # a lead beside a claim like firm
}


def _claim(kind: str, n: int) -> Iterator[str]:
    claim, member = f"C{kind}{n}", f"M{kind}{n}"
    codes = KINDS[kind]
    if kind in ("review", "both"):
        codes, beside = ("A4927",), KINDS["firm" if kind == "both" else "clean"]
        yield from (f"D{kind}{n},{i},{member},2025-08-04,{c},1,{50 + n}.00,1,12,99.00" for i, c in enumerate(beside, 1))
    for i, code in enumerate(codes, 1):
        paid = "0.00" if kind == "unpaid" else f"{100 + n}.0{i}"
        yield f"{claim},{i},{member},2025-08-04,{code},1,{paid},1,12,99.00"


def _shared(place: Path, counts: dict[str, int]) -> tuple[Path, str]:
    """Audit as many members of each kind, and return the run and its shared report."""
    rows = [row for kind, count in counts.items() for n in range(count) for row in _claim(kind, n)]
    (place / "claims.csv").write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
    options = RunOptions(
        str(place / "claims.csv"), place, run_id="r", with_reports=False, with_quality=False, with_shared_reports=True
    )
    run = run_audit(options, Progress(is_quiet=True)).path
    return run, unescape((run / "shared_reports" / SHARED_REPORT).read_text("utf-8"))


def _cards(page: str) -> list[dict[str, int]]:
    """The counts of the two cards that are shown as numbers."""
    cards = re.findall(r'<div class="audit-counts">(.*?)</article>', page, re.S)
    return [
        {name: int(number.replace(",", "")) for name, number in re.findall(r"<span>(\w+)</span> <b>([\d,]+)</b>", card)}
        for card in cards
    ]


def _references(page: str) -> list[tuple[str, ...]]:
    return re.findall(r'<td class="shared-reference">(\w+)</td>' * 3, page)


def _file_members(page: str) -> int | None:
    found = re.search(r"claims of ([\d,]+) members", page)
    return int(found[1].replace(",", "")) if found else None


SAMPLES: dict[str, dict[str, int]] = {
    "three members have leads alone": {"firm": 30, "review": 3, "clean": 40},
    "three members have no finding": {"firm": 20, "review": 20, "clean": 3},
    "few are left over only when overpayments and leads are put together": {"firm": 15, "review": 15, "clean": 5},
    "enough of everything": {"firm": 20, "review": 20, "clean": 20},
    "everybody has a finding": {"firm": 20, "review": 20},
    "three in all": {"firm": 3, "clean": 40},
    "contingent beside three firm ones": {"contingent": 12, "firm": 3, "clean": 30},
    "contingent beside enough firm ones": {"contingent": 12, "firm": 12, "clean": 30},
    "five members have both": {"firm": 15, "review": 15, "both": 5, "clean": 20},
}


# Members that are shown: overpaid, to review, in the list of references, in the file; nothing is withheld in vain.
SHOWN: dict[str, tuple[int | None, ...]] = {
    "three members have leads alone": (30, None, None, 73),
    "three members have no finding": (20, 20, 40, None),
    "few are left over only when overpayments and leads are put together": (15, 15, 30, None),
    "enough of everything": (20, 20, 40, 60),
    "everybody has a finding": (20, 20, 40, 40),
    "three in all": (None, None, None, 43),
    "contingent beside three firm ones": (15, None, 15, 45),
    "contingent beside enough firm ones": (24, None, 24, 54),
    "five members have both": (None, None, 35, 55),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_no_difference_of_counts_of_members_is_one_to_ten(tmp_path: Path, name: str) -> None:
    _, page = _shared(tmp_path, SAMPLES[name])
    rows = _references(page)
    overpaid, reviewed = (card.get("Members") for card in _cards(page))
    union = len({row[2] for row in rows}) or None
    shown = [n for n in (overpaid, reviewed, union, _file_members(page)) if n is not None]
    assert all(n >= 11 for n in shown)
    assert (overpaid, reviewed, union, _file_members(page)) == SHOWN[name]
    for more, less in itertools.combinations(sorted(shown, reverse=True), 2):
        assert more - less == 0 or more - less >= 11, (more, less)
    if union and overpaid and reviewed:
        assert overpaid + reviewed - union == 0 or overpaid + reviewed - union >= 11


def test_counts_of_the_file_stand_where_enough_members_are_without_finding(tmp_path: Path) -> None:
    _, page = _shared(tmp_path, SAMPLES["enough of everything"])
    assert _file_members(page) == 60
    assert [card["Members"] for card in _cards(page)] == [20, 20]
    assert len({row[2] for row in _references(page)}) == 40


def test_a_measure_that_is_withheld_is_not_told_by_the_list_of_references(tmp_path: Path) -> None:
    """Findings in the list less lines overpaid are the leads of three members."""
    _, page = _shared(tmp_path, SAMPLES["three members have leads alone"])
    assert "needs review: withheld (fewer than 11 members)" in page
    assert _references(page) == [] and " of 33 findings" not in page
    assert "The list is withheld" in page
    assert [card.get("Members") for card in _cards(page)] == [30, None]
    assert _file_members(page) == 73


@pytest.mark.parametrize("count", [3, 12])
def test_the_list_of_references_tells_not_on_whose_lines_several_findings_lie(tmp_path: Path, count: int) -> None:
    """All findings less the lines of the cards are the second findings on a line, here of three members."""
    run, page = _shared(tmp_path, {"twofold": count, "firm": 30, "review": 15, "clean": 40})
    with duckdb.connect() as connection:
        found = connection.execute(f"select count(*) from '{run / 'findings.parquet'}'").fetchall()[0][0]
    lines = sum(card["Lines"] for card in _cards(page))
    assert found == lines + count
    assert len(_references(page)) == len(set(_references(page))) == lines
    assert f"{lines} of {lines} findings" in page and f"{found} findings" not in page


def test_dollars_of_a_few_are_withheld_though_others_have_lines_without_a_dollar(tmp_path: Path) -> None:
    _, page = _shared(tmp_path, {"firm": 3, "unpaid": 12, "clean": 40})
    assert "Potential overpayment: withheld (fewer than 11 members)" in page and _references(page) == []
    (tmp_path / "more").mkdir()
    _, page = _shared(tmp_path / "more", {"firm": 12, "unpaid": 12, "clean": 40})
    assert [card["Members"] for card in _cards(page) if card] == [24]


@pytest.mark.parametrize("count", [3, 12])
def test_the_contingent_part_tells_nothing_of_a_few(tmp_path: Path, count: int) -> None:
    """Every rule, code, month and provider that is shown, less the contingent part, is on 0 or 11 members or more."""
    run, page = _shared(tmp_path, {"contingent": 12, "firm": count, "clean": 30})
    with duckdb.connect() as connection:
        found = connection.execute(
            f"""
            select
                count(distinct member_id) filter (net_overpaid_amount > contingent_overpaid_amount),
                sum(contingent_overpaid_amount), sum(net_overpaid_amount)
            from '{run / "line_exposure.parquet"}' where overpaid_rule = 'supply_with_per_diem'
            """
        ).fetchall()
    firm_members, contingent, supplies = found[0]
    assert firm_members == count and 0 < contingent < supplies
    assert f"${supplies:,.2f}" in page  # the rule is shown
    is_shown = f"contingent part ${contingent:,.2f}" in page
    assert is_shown == (count >= 11)
    assert is_shown or "contingent part withheld (fewer than 11 members)" in page
    assert is_shown or f"${contingent:,.2f}" not in page


# 274 members have findings; what the totals leave of them is on enough, unless a case says otherwise.
ENOUGH = {
    "found_member_count": 274, "without_overpayment_member_count": 172, "without_review_member_count": 90,
    "both_member_count": 12, "without_overpayment_claim_member_count": 176, "without_review_claim_member_count": 94,
    "both_claim_member_count": 20, "clean_line_member_count": 200, "clean_claim_member_count": 11,
}  # fmt: skip
OVERLAPS: dict[str, tuple[dict[str, int], int, tuple[bool, bool, bool]]] = {
    # what differs, members of the file: are members, claims, counts of the file shown
    "enough everywhere": ({}, 1618, (True, True, True)),
    "claims with both are of eight members": ({"both_claim_member_count": 8}, 1618, (True, False, True)),
    "claims with leads alone are of one member": (
        {"without_overpayment_claim_member_count": 1}, 1618, (True, False, True)),
    "ten members have both": ({"both_member_count": 10}, 1618, (False, True, True)),
    "nobody has both": ({"both_member_count": 0, "both_claim_member_count": 0}, 1618, (True, True, True)),
    "ten members have no finding": ({}, 284, (True, True, False)),
    "all members have findings": ({}, 274, (True, True, True)),
    "all have findings, and ten a clean claim": ({"clean_claim_member_count": 10}, 274, (True, True, False)),
}  # fmt: skip


@pytest.mark.parametrize("name", OVERLAPS)
def test_totals_stand_beside_each_other_only_where_they_leave_enough(name: str) -> None:
    differing, file_members, expected = OVERLAPS[name]
    shown = shown_totals(ENOUGH | differing, {"overpayment": True, "review": True}, file_members)
    assert (shown.has_member_counts, shown.has_claim_counts, shown.has_file_counts) == expected
    assert shown.has_references
