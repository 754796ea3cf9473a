"""Random members with a few claim lines each, drawn from so few codes, days and places that rules meet often."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.independent.lists import HYDRATION, INCIDENTAL, TPN, by_code, rows

COLUMNS = (
    "claim_id", "claim_line_number", "member_id", "claim_type", "claim_start_date", "claim_end_date",
    "claim_line_start_date", "claim_line_end_date", "admission_date", "discharge_date", "paid_date", "hcpcs_code",
    *(f"hcpcs_modifier_{n}" for n in range(1, 6)), "service_unit_quantity", "place_of_service_code", "bill_type_code",
    "revenue_center_code", "charge_amount", "allowed_amount", "paid_amount", "other_payer_paid_amount", "billing_tin",
    "billing_npi", *(f"diagnosis_code_{n}" for n in range(1, 5)), "ndc_code", "drug_name", "claim_frequency_code",
    "original_claim_id", "claim_line_status", "line_of_business", "funding",
)  # fmt: skip

_INFUSIONS = ("S9500", "S9500", "S9494", "S9501", "S9328", "S9336", "S9338", "S9345", "S9347", "S9353", "S9379")
_OTHERS = ("S9370", "S9372", "S9563", "S9340", "S9342", "S9335", "S9339", "S9590", "S9538", "S5497", "S5498", "S5502")
_DRUGS = ("J0696", "J1459", "J1561", "J2270", "J3490", "J7799", "J7999", "S5000", "S5001", "J7051", "J7613", "90378")
_VISITS = (
    "99601", "99602", "S9123", "S9124", "G0299", "G0493", "G0494", "T1030", "T1001", "99506", "G0068", "G0069", "G0088",
    "G0089", "",
)  # fmt: skip
_CONFLICTS = (
    "S9325", "S9326", "S9327", "S9328", "S9329", "S9330", "S9364", "S9365", "S9366", "S9373", "S9374", "S9375", "S9494",
    "S9500", "S9340", "S9341", "S5497", "S5501", "S9372", "S9372", "J1642", "J1642",
)  # fmt: skip
_PUMPS = (
    "S9328", "S9328", "S9328", "96521", "96522", "62369", "62370", "62368", "95990", "95991", "S5036", "A4220", "99601",
    "G0299", "J2278", "J2274", "E0779", "K0455", "S9326",
)  # fmt: skip
_INTERVALS = ("S9338", "S9338", "S9338", "S9359", "J1459", "J1561", "J1569", "J1745")
_THERAPIES = ("S9336", "S9338", "S9345", "S9347", "S9348", "S9353", "S9361", "S9379", "S9500")
# What meets so often that several lines could be named as an answer's proof, and are equal in all but one respect.
_MEETING = {
    "pump services": ("S9328", "S9328", "S9338", "S9500", "S9430", "S5036", "A9901", "S9381"),
    "general supplies": ("A4244", "A4245", "A9270", "A4222", "S9328", "S9500", "S9500", "S9500"),
    "heparins": ("J1645", "J1650", "J1652", "S9372", "S9372", "S9372", "S9336"),
    "foreign drugs": ("S9338", "S9338", "S9379", "J1459", "J1561", "J3490", "J3590"),
    "flushed injections": ("S9372", "J1642", "J1642"),
    "stays": ("S9500", "S9338", "", ""),
    "first services": ("96365", "96374", "96413"),
    "visits of a day": ("99601", "99602", "S9123", "G0068", "G0088"),
}
_EQUIPMENT = ("E0779", "E0781", "E0782", "E0784", "E0791", "K0455", "K0739", "S5035", "S5036", "K0601", "A4602")
_RANGES = ("S5499", "S9378", "S9495", "S9526", "S5523", "S9529", "S9554", "S9810", "S9590")

# The same name as claims write it; the last two are other drugs.
_WRITTEN = ("{}", "{}", "{} 250ML", "INJ. {}", "10 mL {}", "VANCOMYCIN IN {}", "{} CEFTRIAXONE")

# Of each theme, the pools that its lines are drawn from; a pool named twice is drawn from twice as often.
_THEMES = (
    ("infusions", "others", "supplies", "supplies", "equipment", "incidental"),
    ("infusions", "equipment", "equipment", "included"),
    ("infusions", "others", "flushes", "solutions", "hydration", "drugs"),
    ("nutrition", "nutrition", "products", "products", "hydration", "drugs"),
    *(("nutrition", "nutrition", "products", "products", "products"),) * 3,
    ("infusions", "others", "catheters", "catheters"),
    ("infusions", "injectables", "injectables", "clotting", "insulins", "visits"),
    ("infusions", "routes", "products", "nutrition"),
    ("any", "dated", "ranges", "incidental"),
    ("pumps",),
    ("refills", "refills", "pumps"),
    ("infusions", "solutions", "solutions", "drugs"),
    ("conflicts", "conflicts", "drugs"),
    *(("intervals", "intervals"),) * 2,
    ("therapies", "therapies", "therapies"),
    ("infusions", "drugs", "drugs", "visits"),
    ("initial", "initial", "visits"),
    ("infusions", "supplies", "drugs", "visits", "pumps", "products", "conflicts"),
    *((pool,) * 3 for pool in _MEETING),
)
_PLACES = ("12",) * 12 + ("13", "49", "49", "", "", "11", "19", "21", "22", "31", "32", "34", "51", "65", "99", "10")
SHARED_PROVIDERS = tuple(f"{number:09}" for number in range(1, 41))
_CLINICS = ("11", "11", "19", "22", "49", "12")
_STAYS = ("111", "211", "", "")
_BILL_TYPES = ("",) * 9 + ("111", "117", "181", "211", "131", "329", "341", "711", "851", "811", "999", "0138")
_MODIFIERS = ("",) * 9 + ("SH", "SJ", "RB", "NU", "UE", "JB", "JE", "BO", "59", "XE", "XU")
_DIAGNOSES = ("E860", "R112", "K912", "K9082", "A09", "L03115", "I509", "N186", "K746", "P073", "Z452")
_FAR, _NEAR = (-366, -365, -91, -90, 90, 91, 365), (0, 0, 1, 2, 4, 7)
# Around the days on which the policy changed, and mostly after the last of them.
_BEGINNINGS = (date(2025, 8, 1),) * 12 + (date(2025, 7, 17), date(2025, 4, 10), date(2019, 3, 7))


def pools() -> dict[str, tuple[str, ...]]:
    """Return the codes to draw from, by the name of their pool."""
    every = sorted({row["code"] for name in _LISTS for row in rows(name)})
    return _MEETING | {
        "infusions": _INFUSIONS,
        "others": _OTHERS,
        "incidental": tuple(sorted(INCIDENTAL)),
        "nutrition": tuple(sorted(TPN)),
        "hydration": tuple(sorted(HYDRATION)),
        "drugs": _DRUGS,
        "visits": _VISITS,
        "conflicts": _CONFLICTS,
        "pumps": _PUMPS,
        "refills": ("96521", "96522", "62369", "62370", "95990", "95991"),
        "intervals": _INTERVALS,
        "therapies": _THERAPIES,
        "ranges": _RANGES,
        "flushes": ("J1642", "A4216", "A4218", "A4217", "S0155", "J1644"),
        "solutions": tuple(by_code("iv_solutions")),
        "insulins": ("J1811", "J1815", "J1817"),
        "catheters": ("S5517", "S5518", "S5520", "S5521", "S5502", "S5497", "S5498"),
        "supplies": tuple(by_code("supply_codes")),
        "equipment": _EQUIPMENT,
        "included": tuple(by_code("per_diem_included_services")),
        "products": tuple(by_code("tpn_codes")),
        "injectables": tuple(by_code("injectable_drugs")),
        "clotting": tuple(by_code("clotting_factors")),
        "routes": tuple(by_code("route_exclusions")),
        "initial": tuple(by_code("initial_infusion_codes")),
        "named": (*by_code("tpn_codes"), *_DRUGS, "J3590", "A4222"),
        "any": tuple(every),
        "dated": tuple(code for code in every if code[:1] in "JQC"),
    }


_LISTS = (
    "supply_codes", "injectable_drugs", "clotting_factors", "route_exclusions", "tpn_codes", "iv_solutions",
    "per_diem_codes", "per_diem_included_services", "pump_refill_codes", "initial_infusion_codes", "nursing_codes",
)  # fmt: skip


@dataclass(frozen=True)
class Chance:
    """A source of chance with what scenarios draw from."""

    source: random.Random
    pools: dict[str, tuple[str, ...]]
    names: tuple[str, ...]
    numbers: tuple[str, ...]

    def one(self, choices: Sequence[Any]) -> Any:
        """Return one of some choices."""
        return self.source.choice(choices)

    def happens(self, share: float) -> bool:
        """Tell whether something happens that does in this share of all cases."""
        return self.source.random() < share


def chance_of(seed: int) -> Chance:
    """Return a source of chance that gives the same claims for the same seed."""
    products = rows("tpn_products")
    flushes = rows("flush_products")
    named = [*(row["match_words"] for row in products), *(row["name_words"] for row in flushes)]
    names = sorted({phrase.strip() for cell in named for phrase in cell.split(";")})
    said = ("10 mL normal saline", "VANCOMYCIN IN SODIUM CHLORIDE 0.9%", "INJ. FOLIC ACID", "CEFTRIAXONE 2 GM")
    numbers = sorted({number.strip() for row in (*products, *flushes) for number in row["ndc"].split(";")} - {""})
    strong = [
        row["match_words"].split(";")[0] for row in products if row["class"] == "aa_ge15"
    ]  # rule 8 knows no others
    return Chance(
        random.Random(seed),
        pools(),
        (*names, *said, *strong * 4),
        (*numbers, "0338064403", "99999999999", "8290033010"),
    )


def member_rows(chance: Chance, number: int) -> Iterator[dict[str, str]]:
    """Give the rows of one member, with providers of its own but for some that members share."""
    theme = chance.one(_THEMES)
    codes = [chance.one(chance.pools[pool]) for pool in theme for _ in range(2)]
    if chance.happens(0.5):
        codes = chance.source.sample(codes, min(3, len(codes)))
    places = _CLINICS if "refills" in theme else _PLACES
    beginning = chance.one(_BEGINNINGS)
    providers = [f"{10_000_000 + 3 * number + n:09}" for n in range(2)] + [chance.one(SHARED_PROVIDERS), ""]
    # Of several providers, each with its claim.
    is_scattered = not {"stays", "foreign drugs"}.isdisjoint(theme)
    names = [f"{number}-{n}" for n in range(3 if is_scattered else chance.one((1, 1, 2, 3)))]
    bill_types = _STAYS if "stays" in theme else _BILL_TYPES
    claims = [
        _claim(chance, name, providers[n:] if is_scattered else providers, beginning, bill_types)
        | {"place_of_service_code": chance.one(places)}
        for n, name in enumerate(names)
    ]
    for line_number in range(1, chance.source.randint(2, 10) + 1):
        claim = chance.one(claims)
        row = {**dict.fromkeys(COLUMNS, ""), **claim, "claim_line_number": str(line_number), "member_id": f"M{number}"}
        # A stay's dates far from its claim's own would not be believed.
        is_far = not claim["admission_date"] and not claim["discharge_date"] and chance.happens(0.05)
        first = beginning + timedelta(chance.one(_FAR if is_far else _NEAR))
        row |= service(chance, chance.one(codes), first) | payment(chance)
        if chance.happens(0.15):
            row["place_of_service_code"] = chance.one(places)
        yield row


def _claim(
    chance: Chance, name: str, providers: Sequence[str], beginning: date, bill_types: Sequence[str]
) -> dict[str, str]:
    tin = chance.one(providers) if chance.happens(0.3) else providers[0]
    bill_type = chance.one(bill_types)
    claim_type = chance.one(("institutional", "") if bill_type else ("professional", "", "", "institutional"))
    is_dated = bool(bill_type) or claim_type == "institutional"
    admission = beginning + timedelta(chance.source.randint(-2, 4))
    discharge = admission + timedelta(chance.one((0, 1, 2, 4, 8)))
    diagnoses = chance.source.sample(_DIAGNOSES, chance.one((0, 1, 1, 2)))
    return {
        "claim_id": f"C{name}",
        "claim_type": claim_type,
        "billing_tin": tin,
        "billing_npi": "" if tin or chance.happens(0.5) else f"9{name.partition('-')[0]:>09}",
        "paid_date": (beginning + timedelta(chance.one((30, 31, 45)))).isoformat() if chance.happens(0.9) else "",
        "bill_type_code": bill_type,
        "claim_start_date": admission.isoformat() if chance.happens(0.3) else "",
        "claim_end_date": discharge.isoformat() if chance.happens(0.3) else "",
        "admission_date": admission.isoformat() if is_dated and chance.happens(0.5) else "",
        "discharge_date": discharge.isoformat() if is_dated and chance.happens(0.5) else "",
        "line_of_business": chance.one(("commercial",) * 18 + ("", "blue medicare advantage", "medicaid")),
        "funding": chance.one(("insured",) * 12 + ("", "self_funded", "fep")),
        "claim_frequency_code": chance.one(("1", "1", "")),
        **{f"diagnosis_code_{n}": code for n, code in enumerate(diagnoses, 1)},
    }


def service(chance: Chance, code: str, first: date) -> dict[str, str]:
    """Return what was done, and on which days."""
    day_count = chance.one((1, 1, 1, 1, 1, 2, 7) if code.startswith("J") else (1, 1, 1, 2, 3, 4, 7, 8))
    modifiers = chance.source.sample(_MODIFIERS, 2)
    has_number, has_name = (code in chance.pools["named"] and chance.happens(0.5) for _ in range(2))
    return {
        "hcpcs_code": code,
        "revenue_center_code": "" if code else chance.one(("0551", "0642", "0120")),
        "claim_line_start_date": first.isoformat(),
        "claim_line_end_date": "" if day_count == 1 else (first + timedelta(day_count - 1)).isoformat(),
        "service_unit_quantity": chance.one((str(day_count),) * 5 + ("1", "2", "9", "31", "32", "1.5", "0.5", "0", "")),
        "hcpcs_modifier_1": modifiers[0],
        "hcpcs_modifier_3": modifiers[1],
        "ndc_code": chance.one(chance.numbers) if has_number else "",
        "drug_name": chance.one(_WRITTEN).format(chance.one(chance.names)) if has_name else "",
    }


def payment(chance: Chance) -> dict[str, str]:
    """Return what came of it."""
    odd = f"{chance.source.randint(1, 90_000) / 100:.2f}"
    paid = chance.one(("100.00", "100.01", "50.00", "0.01", "0.00", "", odd, odd))
    return {
        "paid_amount": paid,
        "allowed_amount": chance.one((paid, paid, paid, "900.00", "0.00", "")),
        "claim_line_status": chance.one(("paid",) * 12 + ("", "denied", "pended")),
        "other_payer_paid_amount": chance.one(("",) * 15 + ("0.00", "12.50")),
    }
