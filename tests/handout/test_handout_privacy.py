"""A provider's hand-out shows nothing of another provider: markers planted in others' lines never come out."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from audit_lib.cli import main
from tests.conftest import ROOT

pytestmark = pytest.mark.usefixtures("evidence_once")

OWN, OTHER = "111111111", "988888889"
COLUMNS = [
    "claim_id", "claim_line_number", "member_id", "claim_line_start_date", "claim_line_end_date", "hcpcs_code",
    "service_unit_quantity", "paid_amount", "allowed_amount", "charge_amount", "billing_tin", "billing_npi",
    "place_of_service_code", "bill_type_code", "claim_type", "drug_name", "diagnosis_code_1", "revenue_center_code",
    "admission_date", "discharge_date", "hcpcs_modifier_1", "rendering_npi", "authorization_number",
]  # fmt: skip
# What only another provider's lines hold; the days of the lines are those of the own ones, so they tell nothing.
MARKS = {
    "claim_id": "ZZQCLAIM", "paid_amount": "7713.37", "allowed_amount": "8813.37", "charge_amount": "9913.37",
    "billing_tin": OTHER, "billing_npi": "1999999984", "drug_name": "ZZQDRUG", "diagnosis_code_1": "ZZQ99",
    "service_unit_quantity": "71.625", "rendering_npi": "1888888876", "authorization_number": "ZZQAUTH",
}  # fmt: skip
NEVER = [value for name, value in MARKS.items() if name != "service_unit_quantity"] + ["71.625", "ZZQ"]

# member, own lines, the other provider's lines: `code [place] [through]` beside one another on the same days.
# Each is a rule that looks across providers; what it must find on the own line is named.
SITUATIONS = {
    "a pharmacist's time inside another provider's per diem": (
        "S9810", "S9500", "bundled_service_with_per_diem", "overpayment"),
    "a supply beside another provider's per diem": ("A4222", "S9500", "supply_with_per_diem", "review"),
    "a per diem that another provider was paid for first": ("S9500", "S9500", "per_diem_duplicate_day", "review"),
    "a per diem whose drug another provider billed": ("S9500", "J0690", "per_diem_without_drug", "review"),
    "a per diem during another provider's inpatient stay": (
        "S9500", "stay", "per_diem_during_inpatient_stay", "overpayment"),
    "a refill that another clinic was paid for": ("95991 11", "95991 11", "clinic_refill_billed_twice", "overpayment"),
    "a pump's per diem on the day of another clinic's refill": (
        "S9328", "95991 11", "clinic_refill_billed_twice", "review"),
    "a pump whose refill another provider's nurse may have made": (
        "S9328", "S9123", "implanted_pump_daily_billing", "review"),
    "a pump that another provider sold to the member": ("S9500,E0781", "E0781 with NU", "supply_with_per_diem", None),
}  # fmt: skip


def _line(claim: str, number: int, member: str, first: str, code: str, tin: str, **values: str) -> dict[str, str]:
    code, _, place = code.partition(" ")
    return {
        "claim_id": claim, "claim_line_number": str(number), "member_id": member, "claim_line_start_date": first,
        "claim_line_end_date": first, "hcpcs_code": code, "service_unit_quantity": "1", "paid_amount": "50.00",
        "billing_tin": tin, "place_of_service_code": place or "12", "claim_type": "professional", **values,
    }  # fmt: skip


def _stay(line: dict[str, str]) -> dict[str, str]:
    return line | {
        "hcpcs_code": "", "revenue_center_code": "0120", "bill_type_code": "0111", "claim_type": "institutional",
        "place_of_service_code": "", "admission_date": "2025-08-01", "discharge_date": "2025-08-09",
        "claim_line_start_date": "2025-08-01", "claim_line_end_date": "2025-08-09",
    }  # fmt: skip


def _claims() -> Iterator[dict[str, str]]:
    for place, (own, other, *_) in enumerate(SITUATIONS.values()):
        member = f"M{place}"
        for number, code in enumerate(own.split(","), start=1):
            yield _line(f"OWN{place}", number, member, "2025-08-04", code, OWN)
        code, _, modifier = other.partition(" with ")
        line = _line("", 1, member, "2025-08-04", code, OTHER) | {**MARKS, "claim_id": f"{MARKS['claim_id']}{place}"}
        if code == "stay":
            line = _stay(line)
        if code == "S9500":  # of two claims paid on one day the first by name is the earlier
            line["claim_id"] = f"AAA{line['claim_id']}"
        if modifier:
            line |= {"hcpcs_modifier_1": modifier, "claim_line_start_date": "2025-07-20"}
            line["claim_line_end_date"] = "2025-07-20"
        yield line
    for claim in ("OWNX", "OWNY"):  # of two clinic claims of its own for one refill the provider is told which is kept
        yield _line(claim, 1, "MX", "2025-08-04", "95991 11", OWN)
    yield _line("OWNZ", 1, "MZ", "2025-08-04", "S9542", OWN)
    yield _line(f"{MARKS['claim_id']}Z", 1, "MZZQ", "2025-08-04", "S9542", OTHER) | {**MARKS, "claim_id": "ZZQCLAIMZ"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("privacy")
    (place / "providers.csv").write_text(f"provider_id,name\n{OWN},Own Infusion\n{OTHER},ZZQ Pharmacy\n", "utf-8")
    (place / "settings.yml").write_text("providers: providers.csv\n", "utf-8")
    with (place / "claims.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(_claims())
    words = ["run", "--claims", str(place / "claims.csv"), "--out", str(place), "--run-id", "run", "--no-reports"]
    assert main([*words, "--config", str(place / "settings.yml"), "--no-quality"]) == 0
    return place / "run"


def _exported(run: Path, file_format: str, *words: str) -> Path:
    out = run.parent / f"{file_format}{len(words)}"
    if not out.exists():
        everything = ["--with-review", "--records-request", "--format", file_format]
        assert main(["export", str(run), "--out", str(out), *everything, *words]) == 0
    return out / "providers"


def _texts(folder: Path, stem: str) -> str:
    """Return everything that a provider's files say: every part of a workbook, every value of a table, every name."""
    parts = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and stem in str(p.relative_to(folder))):
        parts.append(str(path.relative_to(folder)))
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                parts += [book.read(name).decode("utf-8") for name in book.namelist()]
        elif path.suffix == ".parquet":
            table = pq.read_table(path)
            parts += [str(table.schema), str(table.to_pydict()), path.read_bytes().decode("latin-1")]
        else:
            parts.append(path.read_text("utf-8"))
    return "\n".join(parts)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_rules_look_across_providers_here(run: Path, situation: str) -> None:
    """Without this the test below could pass because nothing was found."""
    _, _, rule, outcome = SITUATIONS[situation]
    place = list(SITUATIONS).index(situation)
    rows = duckdb.sql(
        f"select rule, outcome, related_claim_id from '{run / 'findings.parquet'}' where claim_id = 'OWN{place}'"
    ).fetchall()
    if outcome is None:
        assert not [row for row in rows if row[0] == rule]
        return
    assert (rule, outcome) in [row[:2] for row in rows]
    if rule != "implanted_pump_daily_billing":  # what it looks at is no single line, so it names none
        assert "ZZQ" in str([row[2] for row in rows if row[0] == rule])


@pytest.mark.parametrize("file_format", ["xlsx", "csv", "parquet"])
def test_nothing_of_another_provider_comes_out(run: Path, file_format: str) -> None:
    text = _texts(_exported(run, file_format), OWN)
    assert "OWN0" in text and "another provider's service" in text.replace("&#39;", "'")
    assert [mark for mark in NEVER if mark in text] == []


def test_how_another_provider_s_payment_compares_is_not_said(run: Path) -> None:
    with (_exported(run, "csv") / f"provider_{OWN}" / "evidence.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    told = {row["claim_id"]: row["answer"] for row in rows if row["point"] == "What was asked of the claims"}
    kept, compared = "is the one that is kept", "the one with the higher payment"
    refill = f"OWN{list(SITUATIONS).index('a refill that another clinic was paid for')}"
    assert kept in told[refill] and compared not in told[refill]
    assert kept in told["OWNY"] and compared in told["OWNY"]


def test_the_other_provider_sees_its_own_and_nothing_of_the_first(run: Path) -> None:
    text = _texts(_exported(run, "csv"), OTHER)
    assert "ZZQCLAIMZ" in text and OTHER in text
    assert [mark for mark in ("OWN", OWN, "Own Infusion") if mark in text] == []


def test_that_another_provider_s_per_diem_is_overpaid_is_not_said(run: Path) -> None:
    """The time of OWN0's pharmacist rests on a per diem of the other provider's that was overpaid in full."""
    table = f"'{run / 'line_exposure.parquet'}'"
    contingent = duckdb.sql(f"select contingent_overpaid_amount from {table} where claim_id = 'OWN0'").fetchall()
    assert contingent == [(Decimal("50.00"),)]
    folder = _exported(run, "csv") / f"provider_{OWN}"
    with (folder / "not_demanded.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = [row for row in csv.DictReader(file) if row["claim_id"] == "OWN0"]
    assert (row["not_demanded_amount"], row["not_demanded_reason"]) == (
        "50.00", "not demanded because it is not certain enough to be demanded",
    )  # fmt: skip
    with (folder / "method.csv").open(encoding="utf-8-sig", newline="") as file:
        notes = {r["topic"]: r["answer"] for r in csv.DictReader(file) if r["topic"].startswith("Not demanded")}
    assert notes["Not demanded: it is not certain enough to be demanded (1 line)"] == "50.00"
    assert not [note for note in notes if "per diem" in note]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("privacy_sample")
    claims = str(ROOT / "data" / "sample" / "claims.csv")
    assert (
        main(["run", "--claims", claims, "--out", str(place), "--run-id", "run", "--no-reports", "--no-quality"]) == 0
    )
    return place / "run"


def test_on_the_sample_every_claim_and_member_named_is_the_provider_s_own(sample: Path) -> None:
    folder = _exported(sample, "csv")
    own: dict[str, set[str]] = {}
    for provider, *names in duckdb.sql(
        f"select provider_id, claim_id, member_id from '{sample / 'claim_lines.parquet'}'"
    ).fetchall():
        own.setdefault(provider, set()).update(names)
    checked = 0
    for path in sorted(folder.iterdir()):
        provider = path.name.split("_")[1]
        text = _texts(folder, path.name)
        assert set(re.findall(r"\bC\d{8}\b|\bM\d{6}\b", text)) <= own[provider], provider
        assert set(re.findall(r"\b00[12]\d{6}\b", text)) <= {provider}
        checked += 1
    assert checked > 30
