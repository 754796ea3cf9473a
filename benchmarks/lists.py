"""The code lists as a user of pandas or Polars would load them, and what both ask of a product's name or number."""

from __future__ import annotations

import csv
import re
from functools import cache

from audit_lib.resources import folder

RULES = ("supply_with_per_diem", "tpn_base_product", "implanted_pump_daily_billing")
# The group of policy windows that each rule belongs to.
GROUPS = dict(zip(RULES, ("A", "A", "B"), strict=True))
KEY = ["claim_id", "claim_line_number"]
PUMP = ["member_id", "provider_id"]
# What the three rules and the final action read of a claims file, with the units.
COLUMNS = [
    *KEY, "member_id", "billing_tin", "billing_npi", "claim_line_start_date", "claim_line_end_date", "paid_date",
    "hcpcs_code", "hcpcs_modifier_1", "hcpcs_modifier_2", "hcpcs_modifier_3", "place_of_service_code",
    "bill_type_code", "revenue_center_code", "ndc_code", "drug_name", "claim_frequency_code", "original_claim_id",
    "claim_line_status", "line_of_business", "funding",
]  # fmt: skip
MONEY = ["paid_amount", "allowed_amount", "charge_amount", "other_payer_paid_amount"]
HOME = ("home", "suite", "missing")
_UNITS = "MG|MCG|G|GM|ML|L|U|UNIT|UNITS|IU|MEQ|MMOL"
_NO_CONTENT = re.compile(rf"[0-9.]*[0-9][0-9.]*(%|{_UNITS})?|[.]+|INJ[.]?|INJECTION|{_UNITS}")


@cache
def rows(name: str) -> list[dict[str, str]]:
    """Return a code list. Raises ValueError where a row has dates of its own: every look-up would have to ask them."""
    with (folder("sql") / "code_sets" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    if any(row["valid_from"] or row["valid_to"] for row in found):
        raise ValueError(f"{name}.csv has rows that hold only between dates, which the benchmarks do not look at.")
    return found


def codes(name: str, **wanted: str) -> list[str]:
    """Return the codes of a list whose other columns have the wanted values."""
    return sorted({row["code"] for row in rows(name) if all(row[key] == value for key, value in wanted.items())})


def per_diem_codes() -> list[dict[str, str]]:
    """Return the per diems; the incidental codes are none."""
    return [row for row in rows("per_diem_codes") if row["is_per_diem"] == "yes" and row["is_incidental"] == "no"]


def visit_codes(code_system: str) -> list[str]:
    """Return the procedure (`hcpcs`) or the revenue codes of a registered nurse's visit."""
    role = {"hcpcs": "rn_visit", "revenue": "rn_visit_facility_rev"}[code_system]
    return codes("nursing_codes", code_system=code_system, role=role)


def wanted_codes() -> list[str]:
    """Return every procedure code that one of the three rules looks at."""
    lists = ("supply_codes", "tpn_codes", "pump_codes", "pump_refill_codes")
    per_diems = {row["code"] for row in per_diem_codes()}
    return sorted(per_diems.union(visit_codes("hcpcs"), *map(codes, lists)))


@cache
def tpn_product(ndc: str | None, drug_name: str | None) -> str | None:
    """Return the TPN product that a National Drug Code names, else a drug name; None where neither names a listed one.

    A bare code of ten digits is read in its three ways and counts where one of them alone is listed.
    """
    listed = [(row["ndc"], row["product_code"]) for row in rows("tpn_product_ndcs")]
    digits = _bare(ndc or "")
    readings = [digits] if len(digits) == 11 else []
    if len(digits) == 10:
        readings = ["0" + digits, digits[:5] + "0" + digits[5:], digits[:9] + "0" + digits[9:]]
    hits = {reading: sorted((code != reading, product) for code, product in listed if code[:9] == reading[:9])
            for reading in readings if reading.isdigit()}  # fmt: skip
    hits = {reading: found for reading, found in hits.items() if found}
    if len(hits) == 1:
        return next(iter(hits.values()))[0][1]
    return _named_product(drug_name) if drug_name else None


def _bare(ndc: str) -> str:
    """Write a code with hyphens as eleven digits: five, four and two."""
    parts = ndc.split("-")
    return "".join(part.zfill(size) for part, size in zip(parts, (5, 4, 2), strict=True)) if len(parts) == 3 else ndc


def _named_product(drug_name: str) -> str | None:
    """Return the product of the longest phrase that the name begins with: same content words, the others anywhere."""
    words = _words(drug_name)
    content = [word for word in words if not _NO_CONTENT.fullmatch(word)]
    named = []
    for row in rows("tpn_product_words"):
        phrase = set(row["phrase"].split(" "))
        own = {word for word in phrase if not _NO_CONTENT.fullmatch(word)}
        if own <= set(content[: len(own)]) and phrase <= set(words):
            named.append((-len(row["phrase"].replace(" ", "")), int(row["rank"]), row["product_code"]))
    return min(named)[2] if named else None


def _words(name: str) -> list[str]:
    plain = re.sub("[^A-Z0-9.%]", " ", name.upper())
    return re.sub(" +%", "%", plain).replace("%", "% ").split()
