"""What a reader must know before using the headlines of a run, in the order of weight."""

from decimal import Decimal
from typing import Any

from audit_lib.cautions import out_of_scope, outside_period_cautions
from audit_lib.reports import tables
from audit_lib.reports.lead import partial_cautions, undecided_cautions
from audit_lib.reports.ledger_block import closed_cautions, validation_cautions
from audit_lib.reports.quality_cautions import quality_cautions
from audit_lib.reports.recovery_block import recovery_cautions
from audit_lib.run import Run
from audit_lib.words import count, day, delivery, left_undecided, money, unused_overrides, verb


def cautions(run: Run) -> list[str]:
    """Return what a reader must know before using the headlines, in the order of weight."""
    manifest = run.manifest
    found = []
    if not tables.reconciliation(run)["is_equal"].all():
        found.append("The figures of this run do not reconcile: see “Checks” before using any of them.")
    found += partial_cautions(run)
    found += delivery(manifest["inputs"], manifest["passed_over"])
    found += quality_cautions(run)
    found += undecided_cautions(run)
    if not manifest["policy_applies_confirmed"]:
        found.append(
            "Nobody has confirmed that this policy applies to these plans (setting policy_applies_to). "
            "Confirm it before writing to a provider."
        )
    if manifest["parameters"]["assume_in_force"]:
        found.append(f"What if: today's policy text was treated as in force on every service date.{_not_yet(run)}")
    found += _authorizations(run)
    found += closed_cautions(run) + validation_cautions(run)
    found += recovery_cautions(run)
    found += _local_changes(run)
    found += _reversals(run)
    found += _of_the_whole_run(run)
    if minimum := Decimal(str(manifest["parameters"]["settings"].get("minimum_amount") or 0)):
        found.append(f"Findings below {money(minimum)} are counted in the run but not reported.")
    return found


def _of_the_whole_run(run: Run) -> list[str]:
    """Say what the manifest counts over all lines; where the report is filtered, it says so too."""
    manifest, found = run.manifest, _header_repeats(run)
    if rejected := manifest["rows"]["rejected"]:
        found.append(f"{count(rejected, 'source row')} of {manifest['rows']['source']:,} could not be read.")
    found += left_undecided(manifest["gates"])
    found += out_of_scope(manifest) + outside_period_cautions(manifest)
    found += unused_overrides(manifest["overrides"])
    found += _assumptions(run)
    if run.filters.is_empty:
        return found
    return [f"In the whole run, whatever the filter: {text[:1].lower()}{text[1:]}" for text in found]


def _not_yet(run: Run) -> str:
    """Say from which day the text counts, where it is one day for all rules; a plan may set other days."""
    days = {window["overpayment_from"] for window in run.manifest["policy_windows"]}
    return f" Before {day(days.pop())} it was not." if len(days) == 1 else ""


def _local_changes(run: Run) -> list[str]:
    """Say what the plan's own folder changed, a caution each, with its reason and who answers for it."""
    found = []
    for change in run.manifest["local_changes"]:
        keys = change.get("keys") or []
        what = f"{count(len(keys), 'row')} {change['change'].removeprefix('rows ')} in {change['name']}" if keys else (
            f"{change['change']}: {change['name']}"
        )  # fmt: skip
        found.append(
            f"The plan changed this audit, {what}. Reason: {change['reason'].rstrip('.')}. "
            f"Approved by {change['approved_by']}."
        )
    return found


def _assumptions(run: Run) -> list[str]:
    table = tables.assumptions(run)
    resting = [
        f"{money(row['overpayment_amount'])} on {row['column_name']} (taken as {row['assumed']})"
        for row in table[table["overpayment_amount"] > 0].to_dict("records")
    ]
    if not resting:
        return []
    return [
        "Potential overpayment rests on what was assumed where a field is missing: "
        f"{'; '.join(resting)}. One dollar can rest on several."
    ]


def _authorizations(run: Run) -> list[str]:
    """Say how much stands on lines that the plan may have agreed to beforehand; nothing where no claim tells of it."""
    table = run.table("authorized_totals")
    rows = table[table["authorized_line_count"] + table["elsewhere_line_count"] > 0].to_dict("records")
    if not rows:
        return []
    said = ". Apart from that, ".join(map(_authorized, rows))
    return [
        f"{said[:1].upper()}{said[1:]}. The plan may have agreed to pay for these: look the authorization up before "
        "anything else."
    ]


def _authorized(row: dict[Any, Any]) -> str:
    """Say of one headline how many of its lines carry an authorization, or stand on a claim that does elsewhere."""
    own, elsewhere = row["authorized_line_count"], row["elsewhere_line_count"]
    lines = count(row["line_count"], "line")
    of = "with potential overpayment" if row["measure"] == "overpayment" else "to review"
    said = (
        f"{f'{own:,}' if own else 'none'} of {lines} {of} ({money(row['authorized_amount'])} of "
        f"{money(row['net_amount'])}) {verb(max(own, 1), 'carries', 'carry')} a prior authorization number"
    )
    if elsewhere:
        stand = verb(elsewhere, "stands on a claim", "stand on claims")
        said += f"; {elsewhere:,} without one ({money(row['elsewhere_amount'])}) {stand} of which another line does"
    return said


def _reversals(run: Run) -> list[str]:
    """Say how much may have been taken back under another claim id: no reversal of that kind frees a line."""
    totals = run.table("reversed_totals").iloc[0]
    found = [
        f"{count(totals[f'{measure}_line_count'], 'line')} with {money(totals[f'net_{measure}_amount'])} {of}"
        for measure, of in (("overpaid", "of potential overpayment"), ("review", "that needs review"))
        if totals[f"{measure}_line_count"]
    ]
    if not found:
        return []
    return [
        f"{' and, apart from that, '.join(found)} may have been taken back already: for the same member, provider and "
        "days the file holds the opposite amount of the same code under another claim id or line, or a void that names "
        "no claim of the file, or such a one of the same code whose provider is not told. Such reversals free no line. "
        "reversed_findings.parquet of the run names each: look them up before you write to a provider."
    ]


def _header_repeats(run: Run) -> list[str]:
    repeats = run.manifest["header_repeats"]
    if not repeats["claim_count"]:
        return []
    delivered, once = Decimal(repeats["paid_amount"]), Decimal(repeats["paid_amount_once_per_claim"])
    total = Decimal(run.manifest["claims"]["paid_amount"])
    return [
        f"{count(repeats['claim_count'], 'institutional claim')} ({count(repeats['line_count'], 'line')}) "
        "may repeat the claim's total on every line: all their lines have one and the same paid amount, though charges "
        f"or services differ. They add up to {money(delivered)} as delivered, to {money(once)} counted once per claim; "
        f"so counted, the file's paid total of {money(total)} is {money(total - delivered + once)}. "
        "Until that is settled, what the plan paid for a single line of these claims is not known."
    ]
