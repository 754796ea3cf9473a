"""Three rules of the audit and its final action as an analyst would write them in pandas.

They decide what `supply_with_per_diem`, `tpn_base_product` and `implanted_pump_daily_billing` decide, to the cent, and
do less than an audit: values are trusted as they stand, nothing is rejected or counted, no answer but a finding is
kept, and a finding has no reason and no related line.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks import lists
from benchmarks.lists import COLUMNS, KEY, MONEY, PUMP

DATES = ["claim_line_start_date", "claim_line_end_date", "paid_date"]


def findings(claims: Path) -> pd.DataFrame:
    """Return rule, claim_id, claim_line_number, outcome and amount (cents) of every finding in a folder of Parquet."""
    lines = flagged(netted(final_claims(wanted_rows(claims))))
    allowed = lines[lines.is_allowed]
    per_diems = allowed.merge(pd.DataFrame(lists.per_diem_codes()), left_on="hcpcs_code", right_on="code")
    found = [supplies(allowed, per_diems), tpn_products(allowed, per_diems), pump_days(allowed, per_diems)]
    return gated(pd.concat(found), lines)


def wanted_rows(claims: Path) -> pd.DataFrame:
    """Read the claims that hold a line one of the rules looks at, or that replace or void another; amounts in cents."""
    rows = pd.read_parquet(claims, columns=[*COLUMNS, *MONEY, "service_unit_quantity"], dtype_backend="pyarrow")
    is_visit = rows.hcpcs_code.isna() & rows.revenue_center_code.isin(lists.visit_codes("revenue"))
    is_wanted = rows.hcpcs_code.isin(lists.wanted_codes()) | is_visit | rows.claim_frequency_code.isin(["7", "8"])
    rows = rows[rows.claim_id.isin(rows.claim_id[is_wanted].unique())].copy()
    for column in DATES:
        rows[column] = pd.to_datetime(rows[column])
    for column in MONEY:
        rows[column] = (rows[column].fillna(0).astype("float64") * 100).round().astype("int64")
    rows["units"] = (rows.service_unit_quantity.fillna(0).astype("float64") * 1000).round().astype("int64")
    rows["claim_line_number"] = rows.claim_line_number.astype("int64")
    return rows.astype(dict.fromkeys(rows.select_dtypes("string").columns, "str"))


def final_claims(rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out what was replaced or voided, voids themselves, and all but the latest of several replacements."""
    adjusting_claims = rows.claim_id[rows.claim_frequency_code.isin(["7", "8"])].unique()
    adjusting = rows[rows.claim_id.isin(adjusting_claims)]
    claims = adjusting.groupby("claim_id", as_index=False).agg(
        is_void=("claim_frequency_code", lambda codes: (codes == "8").any()), last_paid=("paid_date", "max")
    )
    named = adjusting[["claim_id", "original_claim_id"]].dropna().drop_duplicates()
    named = named[named.claim_id != named.original_claim_id]
    rivals = named.merge(claims[~claims.is_void], on="claim_id")
    rivals = rivals.sort_values(["last_paid", "claim_id"], ascending=False, na_position="last")
    earlier = rivals.claim_id[rivals.duplicated("original_claim_id")]
    superseded = pd.concat([claims.claim_id[claims.is_void], named.original_claim_id, earlier])
    return rows[~rows.claim_id.isin(superseded)]


def netted(rows: pd.DataFrame) -> pd.DataFrame:
    """Sum the rows of a line; its other values are those of the row that was paid last. Lines taken back are gone."""
    sums = ["paid_amount", "allowed_amount", "units"]
    rows = rows.assign(has_negative=(rows[[*sums, "charge_amount"]] < 0).any(axis=1), is_paid=rows.paid_amount > 0)
    totals = rows.groupby(KEY, as_index=False).agg({**dict.fromkeys(sums, "sum"), "has_negative": "any"})
    ranked = rows.sort_values(["is_paid", "paid_date", *sums], ascending=False, na_position="last", kind="stable")
    lines = ranked.drop_duplicates(KEY).drop(columns=[*sums, "has_negative"]).merge(totals, on=KEY)
    return lines[~(lines.has_negative & (lines.paid_amount <= 0) & (lines.allowed_amount <= 0))]


def flagged(lines: pd.DataFrame) -> pd.DataFrame:
    """Add provider, days, place, and whether the line was paid for and is the audit's business."""
    place = lines.place_of_service_code
    by_bill_type = {row["bill_type_prefix"]: row["place_of_service_code"] for row in lists.rows("bill_type_places")}
    bill_place = lines.bill_type_code.str.lstrip("0").str[:2].map(by_bill_type)
    place = place.fillna(bill_place).mask(place.isna() & bill_place.isna() & lines.bill_type_code.notna(), "99")
    settings = {row["code"]: row["setting"] for row in lists.rows("place_of_service_codes")}
    setting = place.map(settings).fillna("other").mask(place.isna(), "missing")
    start, end = lines.claim_line_start_date, lines.claim_line_end_date
    end = end.fillna(start).where(end > start, start)
    amount = lines.allowed_amount.where(lines.allowed_amount != 0, lines.paid_amount)
    order = lines.sort_values(["paid_date", *KEY], na_position="last").index
    return lines.assign(
        provider_id=lines.billing_tin.str.replace(r"\D", "", regex=True).fillna(lines.billing_npi)
        .fillna("claim " + lines.claim_id),
        start=start, end=end, day_count=(end - start).dt.days + 1,
        paid_cents=lines.paid_amount.clip(lower=0),
        setting=setting, is_home=setting.isin(lists.HOME),
        is_allowed=(lines.claim_line_status != "denied") & (amount > 0),
        is_in_scope=~lines.line_of_business.fillna("").str.startswith(("medicare", "medicaid")),
        is_gated=(lines.funding.fillna("insured") != "insured") | (lines.other_payer_paid_amount > 0),
        line_order=pd.Series(range(len(lines)), index=order),
    )  # fmt: skip


def overlaps(lines: pd.DataFrame, per_diems: pd.DataFrame) -> pd.DataFrame:
    """Pair lines with the per diems of the member that share a day with them."""
    wanted = [*KEY, "member_id", "provider_id", "start", "end", "code", "family", "is_infusion", "bundles_supplies"]
    pairs = lines.merge(per_diems[wanted], on="member_id", suffixes=("", "_of_per_diem"))
    pairs = pairs[(pairs.start <= pairs.end_of_per_diem) & (pairs.end >= pairs.start_of_per_diem)]
    is_same_claim = pairs.claim_id == pairs.claim_id_of_per_diem
    pairs = pairs.assign(is_same_claim=is_same_claim, is_own=pairs.provider_id == pairs.provider_id_of_per_diem)
    return pairs[~(is_same_claim & (pairs.claim_line_number == pairs.claim_line_number_of_per_diem))]


def covered_days(pairs: pd.DataFrame) -> pd.Series:
    """Count the days of each line that its per diems cover, each day once."""
    first = pairs.start.where(pairs.start > pairs.start_of_per_diem, pairs.start_of_per_diem)
    last = pairs.end.where(pairs.end < pairs.end_of_per_diem, pairs.end_of_per_diem)
    days = by_day(pairs[KEY].assign(start=first, end=last))
    return days.drop_duplicates([*KEY, "day"]).groupby(KEY).size().rename("covered_days")


def by_day(spans: pd.DataFrame) -> pd.DataFrame:
    """Lay spans out: one row per row and day."""
    spans = spans.reset_index(drop=True)
    days = spans.loc[spans.index.repeat((spans.end - spans.start).dt.days + 1)]
    return days.assign(day=days.start + pd.to_timedelta(days.groupby(level=0).cumcount(), unit="D"))


def share(paid_cents: pd.Series, part: pd.Series, whole: pd.Series) -> pd.Series:
    """Return paid x part / whole in cents, half up."""
    return (paid_cents * part * 2 + whole) // (2 * whole)


def supplies(allowed: pd.DataFrame, per_diems: pd.DataFrame) -> pd.DataFrame:
    """Supplies and equipment beside a per diem that includes them."""
    lines = allowed.merge(pd.DataFrame(lists.rows("supply_codes")), left_on="hcpcs_code", right_on="code")
    pairs = overlaps(lines.drop(columns=["code", "family"]), per_diems)
    listed = pd.MultiIndex.from_tuples([(r["code"], r["per_diem_code"]) for r in lists.rows("supply_code_per_diems")])
    pairs["is_listed"] = pd.MultiIndex.from_frame(pairs[["hcpcs_code", "code"]]).isin(listed)
    kind, is_infusion = pairs.bundles_supplies, pairs.is_infusion == "yes"
    bundles = (kind == "every") | ((kind == "listed") & pairs.is_listed)
    bundles |= (kind == "injection") & (pairs.for_injection_per_diem == "yes")
    pairs = pairs[bundles & (pairs.is_own | is_infusion)]
    flags = pd.DataFrame({
        "has_own": pairs.is_own,
        "has_listed": pairs.is_own & pairs.is_listed,
        "has_on_its_claim": pairs.is_own & pairs.is_same_claim,
        "has_other_than_implanted_pump": pairs.is_own & (pairs.family != "pain_implanted_pump"),
    }).groupby([pairs.claim_id, pairs.claim_line_number]).any()  # fmt: skip
    pairs = pairs.join(flags, on=KEY)
    counts = (pairs.is_own | ~pairs.has_own) & (pairs.is_listed | ~pairs.has_listed)
    lines = lines.join(flags, on=KEY, how="inner").join(covered_days(pairs[counts]), on=KEY)
    lines = lines.assign(is_owned=member_owned(lines, allowed))
    return answered(lines, supply_outcome(lines), "supply_with_per_diem")


def supply_outcome(lines: pd.DataFrame) -> Any:
    """Decide on supply lines that a bundling per diem overlaps, the first case that holds."""
    tier, with_codes = lines.tier, lists.codes("supply_code_per_diems", relation="with")
    is_unserved = tier.isin(["T1U", "T2U"]) & lines.hcpcs_code.isin(with_codes) & ~lines.has_listed
    no_implanted_pump_alone = np.where(lines.has_other_than_implanted_pump, "overpayment", "review")
    general = np.where(lines.has_on_its_claim, no_implanted_pump_alone, "review")
    cases: list[tuple[Any, Any]] = [
        (tier == "EXEMPT", "excepted"),
        (lines.setting == "facility", "pass"),
        (~lines.has_own | (lines.setting == "other"), np.where(tier == "T1", "review", "pass")),
        ((tier == "TC") & lines.has_listed, no_implanted_pump_alone),
        (tier.isin(["TC", "T3"]), "excepted"),
        (tier.isin(["T2", "NEVER"]), general),
        (is_unserved, "pass"),
        ((tier == "T1") | ((tier == "T1I") & (lines.setting != "suite")), no_implanted_pump_alone),
        (tier.isin(["T1I", "T1U", "T2U"]) | ((tier == "TI") & (lines.setting == "home")), "review"),
    ]
    outcome = np.select([case for case, _ in cases], [answer for _, answer in cases], "pass")
    return np.where(lines.is_owned, "excepted", outcome)


def member_owned(lines: pd.DataFrame, allowed: pd.DataFrame) -> pd.Series:
    """Tell whether the line repairs a part, or is a pump of a code that the member bought before."""
    is_bought = has_modifier(allowed, "NU", "UE") & allowed.hcpcs_code.isin(lists.codes("pump_codes"))
    bought = allowed[is_bought].groupby(["member_id", "hcpcs_code"]).start.min().rename("bought")
    is_earlier = lines.join(bought, on=["member_id", "hcpcs_code"]).bought < lines.start
    return has_modifier(lines, "RB") | ((lines.is_pump == "yes") & is_earlier)


def has_modifier(lines: pd.DataFrame, *wanted: str) -> pd.Series:
    """Tell whether one of the modifiers stands in any position."""
    return lines.filter(like="hcpcs_modifier").isin(wanted).any(axis=1)


def tpn_products(allowed: pd.DataFrame, per_diems: pd.DataFrame) -> pd.DataFrame:
    """Products that a per diem of parenteral nutrition includes."""
    lines = allowed.merge(
        pd.DataFrame(lists.rows("tpn_codes"))[["code", "policy"]], left_on="hcpcs_code", right_on="code"
    )
    pairs = overlaps(lines.drop(columns="code"), per_diems)
    pairs = pairs[pairs.is_own & pairs.is_home]
    lines = lines.join(covered_days(pairs[pairs.family == "tpn"]), on=KEY, how="inner")
    other = pairs.merge(pd.DataFrame(lists.rows("tpn_code_review_families"))[["code", "family"]],
                        left_on=["hcpcs_code", "family"], right_on=["code", "family"])  # fmt: skip
    may_serve_other = pd.MultiIndex.from_frame(lines[KEY]).isin(pd.MultiIndex.from_frame(other[KEY]))
    policies = {row["code"]: row["policy"] for row in lists.rows("tpn_products")}
    names = zip(lines.ndc_code.replace({np.nan: None}), lines.drug_name.replace({np.nan: None}), strict=True)
    products = pd.Series([lists.tpn_product(*name) for name in names], index=lines.index, dtype="str")
    policy = products.map(policies).fillna(lines.policy)
    is_included = policy.isin(["included", "supply_included", "equipment_included"])
    outcome = np.select(
        [
            is_included & may_serve_other,
            is_included | (policy == "included_unless_specialty_ndc"),
            policy.isin(["separate", "separate_by_class", "separate_if_fluid_restricted"]),
            policy == "ndc_needed",
        ],
        ["review", "overpayment", "excepted", "not_evaluable"],
        "review",
    )
    return answered(lines, outcome, "tpn_base_product")


def answered(lines: pd.DataFrame, outcome: np.ndarray, rule: str) -> pd.DataFrame:
    """Return the findings among the lines, each with its share over the covered days."""
    amount = share(lines.paid_cents, lines.covered_days, lines.day_count)
    found = lines[KEY].assign(rule=rule, outcome=outcome, amount=amount)
    return found[found.outcome.isin(["overpayment", "review"])]


def pump_days(allowed: pd.DataFrame, per_diems: pd.DataFrame) -> pd.DataFrame:
    """Implanted pumps paid by the day: more units than days of service, or a refill that no line shows."""
    pumps = per_diems[per_diems.family == "pain_implanted_pump"].assign(units=lambda lines: lines.units.clip(lower=0))
    days = kept_units(in_runs(pumps).merge(event_days(allowed, pumps), on=[*PUMP, "day"], how="left"))
    sums = {"units": "first", "kept": "sum", "paid_cents": "first", "strong": "first", "is_doubtful": "any"}
    lines = days[days.units > 0].groupby(KEY, as_index=False).agg(sums)
    # What is due is rounded half down, so that the rest is half up.
    due = (lines.paid_cents * lines.kept * 2 + lines.units - 1) // (2 * lines.units)
    is_excess, is_unproven = lines.kept < lines.units, (lines.strong == 0) | lines.is_doubtful
    outcome = np.select([is_excess, is_unproven], ["overpayment", "review"], "pass")
    found = lines[KEY].assign(rule=lists.RULES[2], outcome=outcome, amount=lines.paid_cents - due.where(is_excess, 0))
    return found[found.outcome != "pass"]


def in_runs(pumps: pd.DataFrame) -> pd.DataFrame:
    """Lay lines out by day and number the provider's runs of equal or consecutive days."""
    days = by_day(pumps)
    distinct = days[[*PUMP, "day"]].drop_duplicates().sort_values([*PUMP, "day"])
    starts = distinct.groupby(PUMP).day.diff() != pd.Timedelta(days=1)
    return days.merge(distinct.assign(run=starts.cumsum()), on=[*PUMP, "day"])


def event_days(allowed: pd.DataFrame, pumps: pd.DataFrame) -> pd.DataFrame:
    """Return the days with a refill, a repair or a nurse's visit as each provider sees them: weak, or proof."""
    code, visits = allowed.hcpcs_code, lists.visit_codes("hcpcs")
    is_visit = code.isin(visits) | (code.isna() & allowed.revenue_center_code.isin(lists.visit_codes("revenue")))
    is_specific = code.isin(lists.codes("nursing_codes", visit_kind="infusion_visit"))
    services = allowed[code.isin(lists.codes("pump_refill_codes"))].assign(is_unspecific=False)
    events = pd.concat([services, allowed[is_visit].assign(is_unspecific=~is_specific)])
    events = events[["member_id", "provider_id", "setting", "start", "end", "is_unspecific"]]
    seen = by_day(pumps[PUMP].drop_duplicates().merge(events, on="member_id", suffixes=("", "_of_event")))
    is_elsewhere = ~seen.setting.isin(["home", "missing"])
    is_weak = is_elsewhere | (seen.is_unspecific & (seen.provider_id != seen.provider_id_of_event))
    return seen.assign(is_weak=is_weak).groupby([*PUMP, "day"])[["is_weak"]].all().reset_index()


def kept_units(days: pd.DataFrame) -> pd.DataFrame:
    """Keep one unit per day of service, at least one a run: first on these days, then the earliest; in thousandths."""
    days = days.sort_values(["run", "day", "start", "line_order"])
    is_event, is_weak = days.is_weak.notna(), days.is_weak.eq(True)
    left = (days.units - (days.day - days.start).dt.days * 1000).clip(lower=0)
    units = left.where(days.day == days.end, left.clip(upper=1000))
    before = units.groupby([days.run, days.day]).cumsum() - units
    on_events = units.clip(upper=(1000 - before).clip(lower=0)).where(is_event, 0)
    rest = units - on_events
    rest_before = rest.groupby(days.run).cumsum() - rest
    events = days.day.where(is_event).groupby(days.run).transform("nunique")
    strong = days.day.where(is_event & ~is_weak).groupby(days.run).transform("nunique")
    free = events.clip(lower=1) * 1000 - on_events.groupby(days.run).transform("sum") - rest_before
    kept = on_events + rest.clip(upper=free.clip(lower=0))
    return days.assign(kept=kept, strong=strong, is_doubtful=is_weak & (kept > 0))


def gated(found: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Apply what outranks a rule: line of business, the dates of the provision, self-funding, another payer."""
    found = found.merge(lines[[*KEY, "start", "is_in_scope", "is_gated"]], on=KEY)
    windows = pd.DataFrame(lists.rows("policy_windows")).set_index("group_code")
    group = found.rule.map(lists.GROUPS)
    is_before = found.start < pd.to_datetime(group.map(windows.not_in_force_before))
    is_earlier = found.start < pd.to_datetime(group.map(windows.overpayment_from))
    found["outcome"] = found.outcome.mask(is_earlier | found.is_gated, "review")
    return found.loc[found.is_in_scope & ~is_before, ["rule", *KEY, "outcome", "amount"]]
