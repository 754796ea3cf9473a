"""The synthetic sample is what it says: reproducible, exact to the cent, and the one in the repository."""

import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from audit_lib.synthetic import (
    CLAIM_COLUMNS,
    SyntheticClaims,
    TruthRow,
    generate,
    generate_clean,
    write_sample,
)
from audit_lib.synthetic.truth import RULE_GROUPS
from audit_lib.synthetic.writing import CLEAN_LINES, SAMPLE_SEED

SAMPLE = Path(__file__).parents[1] / "data" / "sample"
Key = tuple[str, str]

# What each rule can give on a service of today, paid by an insured plan, under default settings.
BOTH = {"overpayment", "review"}
CAN_GIVE: dict[str, set[str]] = {
    **dict.fromkeys(RULE_GROUPS, BOTH),
    "incidental_injection_per_diem": {"overpayment"},
    "tpn_high_concentration_amino_acid": {"review"},
    "implanted_pump_outside_home": {"overpayment"},
    "pump_charges_off_refill_day": {"review"},
    "per_diem_exceeds_infusion_days": {"review"},
    "concurrent_therapy_modifier": {"review"},
    "per_diem_during_inpatient_stay": {"overpayment"},
    "invalid_code_on_service_date": {"review"},
}


@pytest.fixture(scope="module")
def sample() -> SyntheticClaims:
    return generate(20_000, SAMPLE_SEED)


@pytest.fixture(scope="module")
def clean() -> SyntheticClaims:
    return generate_clean(CLEAN_LINES, SAMPLE_SEED + 1)


def key(row: dict[str, str]) -> Key:
    return row["claim_id"], row["claim_line_number"]


def truth_key(row: TruthRow) -> Key:
    return row.claim_id, str(row.claim_line_number)


def net_paid(claims: list[dict[str, str]]) -> dict[Key, Decimal]:
    paid: dict[Key, Decimal] = {}
    for row in claims:
        paid[key(row)] = paid.get(key(row), Decimal(0)) + Decimal(row["paid_amount"])
    return paid


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    write_sample(tmp_path / "one", 4_000, 7)
    write_sample(tmp_path / "two", 4_000, 7)
    write_sample(tmp_path / "other", 4_000, 8)
    for name in ("claims.csv", "clean_claims.csv", "truth.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
        assert (tmp_path / "one" / name).read_bytes() != (tmp_path / "other" / name).read_bytes()


def test_files_in_the_repository_are_what_the_generator_makes(tmp_path: Path) -> None:
    write_sample(tmp_path)
    for name in ("claims.csv", "clean_claims.csv", "truth.csv"):
        assert (tmp_path / name).read_bytes() == (SAMPLE / name).read_bytes(), f"regenerate data/sample/{name}"


def test_files_have_plain_line_ends_and_text(tmp_path: Path) -> None:
    write_sample(tmp_path, 4_000, 7)
    for path in tmp_path.iterdir():
        content = path.read_bytes()
        assert b"\r" not in content and content.endswith(b"\n")
        content.decode("utf-8")


def test_line_counts(sample: SyntheticClaims, clean: SyntheticClaims) -> None:
    assert len(sample.claims) == 20_000
    assert len(clean.claims) == CLEAN_LINES
    assert not clean.truth


def test_home_infusion_is_about_a_tenth(sample: SyntheticClaims) -> None:
    per_diem_members = {row["member_id"] for row in sample.claims if row["hcpcs_code"][:2] in {"S9", "S5"}}
    share = sum(row["member_id"] in per_diem_members for row in sample.claims) / len(sample.claims)
    assert 0.06 < share < 0.15


def test_keys_are_unique_but_for_reversals(sample: SyntheticClaims, clean: SyntheticClaims) -> None:
    for claims in (sample.claims, clean.claims):
        counts = Counter(key(row) for row in claims)
        twins = {key(row) for row in claims if "-" in row["paid_amount"] + row["allowed_amount"]}
        assert {repeated for repeated, count in counts.items() if count > 1} <= twins
        assert max(counts.values()) <= 2


def test_truth_names_claim_lines_once_a_rule_and_never_more_than_paid(sample: SyntheticClaims) -> None:
    paid = net_paid(sample.claims)
    assert len({(row.rule, *truth_key(row)) for row in sample.truth}) == len(sample.truth)
    for row in sample.truth:
        assert Decimal(0) <= row.amount <= paid[truth_key(row)], row
        assert row.amount == row.amount.quantize(Decimal("0.01"))
        assert row.note


def test_every_rule_gives_every_outcome_it_can(sample: SyntheticClaims) -> None:
    planted: dict[str, set[str]] = {rule: set() for rule in RULE_GROUPS}
    for row in sample.truth:
        if "review only" not in row.note:
            planted[row.rule].add(row.outcome)
    assert planted == CAN_GIVE


def test_windows_and_payers_turn_overpayments_into_reviews(sample: SyntheticClaims) -> None:
    reasons = Counter(row.note.partition("review only: ")[2] for row in sample.truth)
    for reason in ("before 2025-07-18", "self_funded", "fep", "bluecard", "another payer paid first"):
        assert reasons[reason] > 10, reason
    assert all(row.outcome == "review" for row in sample.truth if "review only" in row.note)


def test_nothing_is_expected_out_of_scope_or_before_the_policy(sample: SyntheticClaims) -> None:
    lines = {key(row): row for row in sample.claims}
    for row in sample.truth:
        line = lines[truth_key(row)]
        assert line["line_of_business"] == "commercial"
        assert RULE_GROUPS[row.rule] == "A" or line["claim_line_start_date"] >= "2025-04-11"


def test_clean_claims_hold_every_therapy(clean: SyntheticClaims) -> None:
    per_diems = {row["hcpcs_code"] for row in clean.claims if row["claim_line_status"] == "paid"}
    families = {
        "S9500",
        "S9330",
        "S9326",
        "S9328",
        "S9338",
        "S9345",
        "S9346",
        "S9347",
        "S9348",
        "S9349",
        "S9351",
    }
    families |= {
        "S9353",
        "S9355",
        "S9357",
        "S9359",
        "S9361",
        "S9363",
        "S9374",
        "S9490",
        "S9538",
        "S9590",
        "S9339",
    }
    assert families <= per_diems
    for choices in ({"S9365", "S9366", "S9367"}, {"S9341", "S9342", "S9343"}, {"S5498", "S5501"}):
        assert choices & per_diems


def test_services_and_payments_fall_where_they_should(sample: SyntheticClaims) -> None:
    for row in sample.claims:
        first, last = row["claim_line_start_date"], row["claim_line_end_date"] or row["claim_line_start_date"]
        assert "2024-10-01" <= first <= last <= "2026-03-31"
        weeks = (date.fromisoformat(row["paid_date"]) - date.fromisoformat(row["claim_end_date"])).days / 7
        is_first_payment = row["claim_frequency_code"] == "1" and "-" not in row["paid_amount"] + row["allowed_amount"]
        assert 2 <= weeks <= (8 if is_first_payment else 15), row


def test_rows_have_every_column(sample: SyntheticClaims) -> None:
    assert all(tuple(row) == CLAIM_COLUMNS for row in sample.claims)


def test_truth_file_reads_back(sample: SyntheticClaims) -> None:
    with (SAMPLE / "truth.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows == [row.values() for row in sample.truth]
