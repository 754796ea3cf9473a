"""The same three rules and final action as `in_pandas.py`, as an analyst would write them in Polars.

The file is scanned lazily and twice: once for the claims that matter, once for their rows. The rest is small.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
from polars import col

from benchmarks import lists
from benchmarks.lists import COLUMNS, KEY, MONEY, PUMP

ADJUSTING = ["7", "8"]


def findings(claims: Path) -> pl.DataFrame:
    """Return rule, claim_id, claim_line_number, outcome and amount (cents) of every finding in a folder of Parquet."""
    lines = flagged(netted(final_claims(wanted_rows(claims))))
    allowed = lines.filter("is_allowed")
    per_diems = allowed.join(pl.DataFrame(lists.per_diem_codes()), left_on="hcpcs_code", right_on="code")
    found = [supplies(allowed, per_diems), tpn_products(allowed, per_diems), pump_days(allowed, per_diems)]
    return gated(pl.concat(found), lines)


def wanted_rows(claims: Path) -> pl.DataFrame:
    """Read the claims that hold a line one of the rules looks at, or that replace or void another; amounts in cents."""
    rows = pl.scan_parquet(claims / "*.parquet")
    is_wanted = col("hcpcs_code").is_in(lists.wanted_codes()) | is_visit_by_revenue_code()
    wanted = rows.filter(is_wanted | col("claim_frequency_code").is_in(ADJUSTING))
    amounts = [(col(name) * 100).cast(pl.Int64).fill_null(0) for name in MONEY]
    units = (col("service_unit_quantity") * 1000).cast(pl.Int64).fill_null(0).alias("units")
    rows = rows.join(wanted.select("claim_id").unique(), on="claim_id", how="semi")
    return rows.select(*COLUMNS, *amounts, units).collect(engine="streaming")


def is_visit_by_revenue_code() -> pl.Expr:
    """Tell whether an institutional line without a procedure code shows a nurse's visit."""
    return col("hcpcs_code").is_null() & col("revenue_center_code").is_in(lists.visit_codes("revenue"))


def final_claims(rows: pl.DataFrame) -> pl.DataFrame:
    """Leave out what was replaced or voided, voids themselves, and all but the latest of several replacements."""
    adjusting = rows.filter(col("claim_frequency_code").is_in(ADJUSTING).any().over("claim_id"))
    is_void = (col("claim_frequency_code") == "8").any()
    claims = adjusting.group_by("claim_id").agg(is_void=is_void, last_paid=col("paid_date").max())
    named = adjusting.select("claim_id", "original_claim_id").unique()
    named = named.filter(col("claim_id") != col("original_claim_id"))
    rivals = named.join(claims.filter(~col("is_void")), on="claim_id")
    rivals = rivals.sort("last_paid", "claim_id", descending=True, nulls_last=True)
    earlier = rivals.filter(~col("original_claim_id").is_first_distinct())
    voids, replaced = claims.filter("is_void"), named.select(claim_id="original_claim_id")
    superseded = pl.concat([voids.select("claim_id"), replaced, earlier.select("claim_id")])
    return rows.join(superseded, on="claim_id", how="anti")


def netted(rows: pl.DataFrame) -> pl.DataFrame:
    """Sum the rows of a line; its other values are those of the row that was paid last. Lines taken back are gone."""
    sums = ["paid_amount", "allowed_amount", "units"]
    rows = rows.with_columns(has_negative=pl.min_horizontal(*sums, "charge_amount") < 0, is_paid=col("paid_amount") > 0)
    totals = rows.group_by(KEY).agg(col(sums).sum(), col("has_negative").any())
    ranked = rows.sort("is_paid", "paid_date", *sums, descending=True, nulls_last=True, maintain_order=True)
    lines = ranked.unique(KEY, keep="first", maintain_order=True).drop(*sums, "has_negative").join(totals, on=KEY)
    return lines.filter(~(col("has_negative") & (col("paid_amount") <= 0) & (col("allowed_amount") <= 0)))


def flagged(lines: pl.DataFrame) -> pl.DataFrame:
    """Add provider, days, place, and whether the line was paid for and is the audit's business."""
    by_bill_type = {row["bill_type_prefix"]: row["place_of_service_code"] for row in lists.rows("bill_type_places")}
    settings = {row["code"]: row["setting"] for row in lists.rows("place_of_service_codes")}
    bill_type, tin = col("bill_type_code").str.strip_chars_start("0"), col("billing_tin").str.replace_all(r"\D", "")
    bill_place = bill_type.str.head(2).replace_strict(
        by_bill_type, default=pl.when(bill_type.is_not_null()).then(pl.lit("99"))
    )
    start, end = col("claim_line_start_date"), col("claim_line_end_date")
    amount = pl.when(col("allowed_amount") != 0).then("allowed_amount").otherwise("paid_amount")
    in_order = lines.sort("paid_date", *KEY, nulls_last=True).with_row_index("line_order")
    return in_order.with_columns(
        provider_id=pl.coalesce(tin, "billing_npi", "claim " + col("claim_id")),
        start=start, end=pl.max_horizontal(start, end), paid_cents=col("paid_amount").clip(0),
        place=pl.coalesce("place_of_service_code", bill_place),
        is_allowed=col("claim_line_status").ne_missing("denied") & (amount > 0),
        is_in_scope=~col("line_of_business").fill_null("").str.contains("^(medicare|medicaid)"),
        is_gated=(col("funding").fill_null("insured") != "insured") | (col("other_payer_paid_amount") > 0),
    ).with_columns(
        day_count=(col("end") - col("start")).dt.total_days() + 1,
        setting=pl.when(col("place").is_null()).then(pl.lit("missing"))
        .otherwise(col("place").replace_strict(settings, default="other")),
    )  # fmt: skip


def overlaps(lines: pl.DataFrame, per_diems: pl.DataFrame) -> pl.DataFrame:
    """Pair lines with the per diems of the member that share a day with them."""
    wanted = [
        "start",
        "end",
        *KEY,
        "member_id",
        "provider_id",
        "hcpcs_code",
        "family",
        "is_infusion",
        "bundles_supplies",
    ]
    per_diems = per_diems.select("member_id", col(wanted).exclude("member_id").name.prefix("per_diem_"))
    return (
        lines.join(per_diems, on="member_id")
        .with_columns(
            first=pl.max_horizontal("start", "per_diem_start"),
            last=pl.min_horizontal("end", "per_diem_end"),
            is_own=col("provider_id") == col("per_diem_provider_id"),
            is_same_claim=col("claim_id") == col("per_diem_claim_id"),
        )
        .filter(
            col("first") <= col("last"),
            ~col("is_same_claim") | (col("claim_line_number") != col("per_diem_claim_line_number")),
        )
    )


def covered_days(pairs: pl.DataFrame) -> pl.DataFrame:
    """Count the days of each line that its per diems cover, each day once."""
    days = pairs.select(*KEY, day=pl.date_ranges("first", "last")).explode("day")
    return days.group_by(KEY).agg(covered_days=col("day").n_unique().cast(pl.Int64))


def supplies(allowed: pl.DataFrame, per_diems: pl.DataFrame) -> pl.DataFrame:
    """Supplies and equipment beside a per diem that includes them."""
    lines = allowed.join(pl.DataFrame(lists.rows("supply_codes")), left_on="hcpcs_code", right_on="code")
    listed = pl.DataFrame(lists.rows("supply_code_per_diems")).select(
        hcpcs_code="code", per_diem_hcpcs_code="per_diem_code", is_listed=True
    )
    pairs = overlaps(lines, per_diems).join(listed, on=["hcpcs_code", "per_diem_hcpcs_code"], how="left")
    pairs = pairs.with_columns(col("is_listed").fill_null(False))
    kind = col("per_diem_bundles_supplies")
    is_for_injection = (kind == "injection") & (col("for_injection_per_diem") == "yes")
    bundles = (kind == "every") | ((kind == "listed") & col("is_listed")) | is_for_injection
    pairs = pairs.filter(bundles, col("is_own") | (col("per_diem_is_infusion") == "yes"))
    is_no_implanted_pump = col("per_diem_family") != "pain_implanted_pump"
    flags = pairs.group_by(KEY).agg(
        has_own=col("is_own").any(),
        has_listed=(col("is_own") & col("is_listed")).any(),
        has_on_its_claim=(col("is_own") & col("is_same_claim")).any(),
        has_other_than_implanted_pump=(col("is_own") & is_no_implanted_pump).any(),
    )
    counted = pairs.join(flags, on=KEY).filter(col("is_own") | ~col("has_own"), col("is_listed") | ~col("has_listed"))
    lines = lines.join(flags, on=KEY).join(covered_days(counted), on=KEY)
    lines = with_member_owned(lines, allowed).with_columns(outcome=supply_outcome())
    return answered(lines, "supply_with_per_diem")


def supply_outcome() -> pl.Expr:
    """Decide on supply lines that a bundling per diem overlaps, the first case that holds."""
    tier, setting = col("tier"), col("setting")
    with_codes = lists.codes("supply_code_per_diems", relation="with")
    is_unserved = tier.is_in(["T1U", "T2U"]) & col("hcpcs_code").is_in(with_codes)
    proven = pl.when("has_other_than_implanted_pump").then(pl.lit("overpayment")).otherwise(pl.lit("review"))
    return (
        pl.when(col("is_owned") | (tier == "EXEMPT")).then(pl.lit("excepted"))
        .when(setting == "facility").then(pl.lit("pass"))
        .when((~col("has_own") | (setting == "other")) & (tier == "T1")).then(pl.lit("review"))
        .when(~col("has_own") | (setting == "other")).then(pl.lit("pass"))
        .when((tier == "TC") & col("has_listed")).then(proven)
        .when(tier.is_in(["TC", "T3"])).then(pl.lit("excepted"))
        .when(tier.is_in(["T2", "NEVER"]) & col("has_on_its_claim")).then(proven)
        .when(tier.is_in(["T2", "NEVER"])).then(pl.lit("review"))
        .when(is_unserved & ~col("has_listed")).then(pl.lit("pass"))
        .when((tier == "T1") | ((tier == "T1I") & (setting != "suite"))).then(proven)
        .when(tier.is_in(["T1I", "T1U", "T2U"]) | ((tier == "TI") & (setting == "home"))).then(pl.lit("review"))
        .otherwise(pl.lit("pass"))
    )  # fmt: skip


def with_member_owned(lines: pl.DataFrame, allowed: pl.DataFrame) -> pl.DataFrame:
    """Tell whether the line repairs a part, or is a pump of a code that the member bought before."""
    is_purchase = has_modifier("NU", "UE") & col("hcpcs_code").is_in(lists.codes("pump_codes"))
    bought = allowed.filter(is_purchase).group_by("member_id", "hcpcs_code").agg(bought=col("start").min())
    is_earlier = (col("is_pump") == "yes") & (col("bought") < col("start"))
    lines = lines.join(bought, on=["member_id", "hcpcs_code"], how="left")
    return lines.with_columns(is_owned=has_modifier("RB") | is_earlier.fill_null(False))


def has_modifier(*wanted: str) -> pl.Expr:
    """Tell whether one of the modifiers stands in any position."""
    return pl.any_horizontal(pl.col("^hcpcs_modifier_.$").is_in(wanted).fill_null(False))


def tpn_products(allowed: pl.DataFrame, per_diems: pl.DataFrame) -> pl.DataFrame:
    """Products that a per diem of parenteral nutrition includes."""
    listed = pl.DataFrame(lists.rows("tpn_codes")).select("code", code_policy="policy")
    lines = allowed.join(listed, left_on="hcpcs_code", right_on="code").filter(col("setting").is_in(lists.HOME))
    pairs = overlaps(lines, per_diems).filter("is_own")
    lines = lines.join(covered_days(pairs.filter(col("per_diem_family") == "tpn")), on=KEY)
    other = pl.DataFrame(lists.rows("tpn_code_review_families")).select(hcpcs_code="code", per_diem_family="family")
    other = pairs.join(other, on=["hcpcs_code", "per_diem_family"]).select(KEY).unique()
    lines = lines.join(other.with_columns(may_serve_other=True), on=KEY, how="left")
    names = lines.select("ndc_code", "drug_name").rows()
    policies = {row["code"]: row["policy"] for row in lists.rows("tpn_products")}
    found = pl.Series([policies.get(lists.tpn_product(*name) or "") for name in names], dtype=pl.String)
    policy = col("policy")
    is_included = policy.is_in(["included", "supply_included", "equipment_included"])
    outcome = (
        pl.when(is_included & col("may_serve_other")).then(pl.lit("review"))
        .when(is_included | (policy == "included_unless_specialty_ndc")).then(pl.lit("overpayment"))
        .when(policy.is_in(["separate", "separate_by_class", "separate_if_fluid_restricted", "ndc_needed"]))
        .then(pl.lit("no finding"))
        .otherwise(pl.lit("review"))
    )  # fmt: skip
    lines = lines.with_columns(policy=pl.coalesce(found, "code_policy")).with_columns(outcome=outcome)
    return answered(lines, "tpn_base_product")


def answered(lines: pl.DataFrame, rule: str) -> pl.DataFrame:
    """Return the findings among the lines, each with its share over the covered days, half up."""
    twice = col("paid_cents") * col("covered_days") * 2
    amount = (twice + col("day_count")) // (col("day_count") * 2)
    found = lines.filter(col("outcome").is_in(["overpayment", "review"]))
    return found.select(*KEY, "outcome", rule=pl.lit(rule), amount=amount)


def pump_days(allowed: pl.DataFrame, per_diems: pl.DataFrame) -> pl.DataFrame:
    """Implanted pumps paid by the day: more units than days of service, or a refill that no line shows."""
    pumps = per_diems.filter(col("family") == "pain_implanted_pump").with_columns(col("units").clip(0))
    days = kept_units(in_runs(pumps).join(event_days(allowed, pumps), on=[*PUMP, "day"], how="left"))
    lines = (
        days.filter(col("units") > 0)
        .group_by(KEY)
        .agg(col("units", "paid_cents", "strong").first(), col("kept").sum(), col("is_doubtful").any())
    )
    is_excess = col("kept") < col("units")
    is_unproven = (col("strong") == 0) | col("is_doubtful")
    # What is due is rounded half down, so that the rest is half up.
    due = (col("paid_cents") * col("kept") * 2 + col("units") - 1) // (col("units") * 2)
    return lines.filter(is_excess | is_unproven).select(
        *KEY,
        outcome=pl.when(is_excess).then(pl.lit("overpayment")).otherwise(pl.lit("review")),
        rule=pl.lit("implanted_pump_daily_billing"),
        amount=pl.when(is_excess).then(col("paid_cents") - due).otherwise("paid_cents"),
    )


def by_day(spans: pl.DataFrame) -> pl.DataFrame:
    """Lay spans out: one row per row and day."""
    return spans.with_columns(day=pl.date_ranges("start", "end")).explode("day")


def in_runs(pumps: pl.DataFrame) -> pl.DataFrame:
    """Lay lines out by day and number the provider's runs of equal or consecutive days."""
    days = by_day(pumps)
    distinct = days.select(*PUMP, "day").unique().sort(*PUMP, "day")
    is_next = (col("day") - col("day").shift().over(PUMP)).dt.total_days() == 1
    return days.join(distinct.with_columns(run=(~is_next.fill_null(False)).cum_sum()), on=[*PUMP, "day"])


def event_days(allowed: pl.DataFrame, pumps: pl.DataFrame) -> pl.DataFrame:
    """Return the days with a refill, a repair or a nurse's visit as each provider sees them: weak, or proof."""
    is_specific = col("hcpcs_code").is_in(lists.codes("nursing_codes", visit_kind="infusion_visit"))
    is_visit = col("hcpcs_code").is_in(lists.visit_codes("hcpcs")) | is_visit_by_revenue_code()
    services = allowed.filter(col("hcpcs_code").is_in(lists.codes("pump_refill_codes")))
    visits = allowed.filter(is_visit.fill_null(False))
    columns = [*map(col, ["member_id", "setting", "start", "end"]), col("provider_id").alias("event_provider_id")]
    events = pl.concat([
        services.select(*columns, is_unspecific=False),
        visits.select(*columns, is_unspecific=~is_specific.fill_null(False)),
    ])  # fmt: skip
    is_elsewhere = ~col("setting").is_in(["home", "missing"])
    is_weak = is_elsewhere | (col("is_unspecific") & (col("provider_id") != col("event_provider_id")))
    seen = by_day(pumps.select(PUMP).unique().join(events, on="member_id"))
    return seen.group_by(*PUMP, "day").agg(is_weak=is_weak.all())


def kept_units(days: pl.DataFrame) -> pl.DataFrame:
    """Keep one unit per day of service, at least one a run: first on these days, then the earliest; in thousandths."""
    left = (col("units") - (col("day") - col("start")).dt.total_days() * 1000).clip(0)
    is_event, is_weak = col("is_weak").is_not_null(), col("is_weak").fill_null(False)
    own = pl.when(col("day") == col("end")).then(left).otherwise(left.clip(0, 1000))
    days = days.sort("run", "day", "start", "line_order").with_columns(own=own)
    before = col("own").cum_sum().over("run", "day") - col("own")
    on_events = pl.when(is_event).then(pl.min_horizontal("own", (1000 - before).clip(0))).otherwise(0)
    days = days.with_columns(on_events=on_events).with_columns(rest=col("own") - col("on_events"))
    events = col("day").filter(is_event).n_unique().over("run").cast(pl.Int64)
    strong = col("day").filter(is_event & ~is_weak).n_unique().over("run")
    rest_before = col("rest").cum_sum().over("run") - col("rest")
    free = events.clip(1) * 1000 - col("on_events").sum().over("run") - rest_before
    kept = col("on_events") + pl.min_horizontal("rest", free.clip(0))
    return days.with_columns(kept=kept, strong=strong).with_columns(is_doubtful=is_weak & (col("kept") > 0))


def gated(found: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Apply what outranks a rule: line of business, the dates of the provision, self-funding, another payer."""
    windows = {row["group_code"]: row for row in lists.rows("policy_windows")}
    first = {rule: windows[group]["not_in_force_before"] for rule, group in lists.GROUPS.items()}
    current = {rule: windows[group]["overpayment_from"] for rule, group in lists.GROUPS.items()}
    is_earlier = col("start") < col("rule").replace_strict(current).str.to_date()
    outcome = pl.when(is_earlier | col("is_gated")).then(pl.lit("review")).otherwise("outcome")
    found = found.join(lines.select(*KEY, "start", "is_in_scope", "is_gated"), on=KEY)
    found = found.filter("is_in_scope", col("start") >= col("rule").replace_strict(first).str.to_date())
    return found.select("rule", *KEY, outcome.alias("outcome"), "amount")
