"""The front page of the overpayment report: the result in words, the two headlines, what was audited."""

from decimal import Decimal
from typing import Any

from audit_lib.cautions import out_of_scope, outside_period_cautions
from audit_lib.manifest_keys import Claims, HomeInfusion, Rows, Staged
from audit_lib.reports import tables
from audit_lib.reports.blocks import TEMPLATES, Block, render
from audit_lib.reports.lead import headline_of, lead_sentence, partial_cautions, undecided_cautions
from audit_lib.reports.ledger_block import closed_cautions, validation_cautions
from audit_lib.reports.quality_cautions import quality_cautions
from audit_lib.reports.recovery_block import recovery_cautions, recovery_facts
from audit_lib.run import Run
from audit_lib.words import (
    compact_money,
    count,
    day,
    delivery,
    input_name,
    left_undecided,
    money,
    percent,
    unused_overrides,
)


def front_page(run: Run) -> Block:
    """Return the front page: the result in a sentence, both headlines, what to know before using them."""
    lead = lead_sentence(run)
    html = render(
        "front_page.html.j2",
        css=(TEMPLATES / "blocks.css").read_text(encoding="utf-8"),
        subject=subject(run),
        lead=lead,
        cards=[_card(run, headline_of(run, measure)) for measure in ("overpayment", "review")],
        recovery=recovery_facts(run),
        cautions=cautions(run),
    )
    return Block(html, lead)


def subject(run: Run) -> str:
    """Return in words what a report stands for: the period, the run and its day."""
    name = run.manifest["run_id"]
    who = "This run" if name == "." else f"Run {name}"
    return f"Findings on {run.period_words()}. {who}, as of {day(run.manifest['as_of'])}. US dollars paid by the plan."


def audited(run: Run) -> Block:
    """Return what was audited: files, rows, lines, dollars, period."""
    facts = _facts(run)
    text = "\n".join(f"{name}: {value}" for name, value in facts)
    return Block(render("facts.html.j2", facts=facts), text)


def provenance(run: Run) -> Block:
    """Return what it takes to make this run again: inputs with their hashes, settings, versions."""
    manifest = run.manifest
    settings = manifest["parameters"]["settings"]
    facts = [("Run", manifest["run_id"]), ("Made", manifest["created_at"]), ("As of", manifest["as_of"])]
    facts += [("Version", f"infusion-audit {manifest['package_version']}, engine {manifest['engine']}")]
    facts += [("Layout", str(manifest["layout"]))]
    facts += [
        ("Input", f"{input_name(file)}, {file['bytes']:,} bytes, SHA-256 {file['sha256']}")
        for file in manifest["inputs"]
    ]
    facts += [("Query", file["query"]) for file in manifest["inputs"] if "query" in file]
    facts += [(f"Setting {name}", str(value)) for name, value in sorted(settings.items())]
    text = "\n".join(f"{name}: {value}" for name, value in facts)
    return Block(render("facts.html.j2", facts=facts), text)


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


def _card(run: Run, headline: dict[str, Any]) -> dict[str, Any]:
    """Return one headline, written."""
    is_overpayment = headline["measure"] == "overpayment"
    claims = run.manifest["claims"]
    return {
        "kind": headline["measure"],
        "title": "Potential overpayment" if is_overpayment else "Needs review",
        "meaning": "Breaches of the policy that the claim lines prove"
        if is_overpayment
        else "Leads that records or contracts must settle",
        "compact": compact_money(headline["net_amount"]),
        "exact": money(headline["net_amount"]),
        "contingent": money(headline["contingent_amount"]) if is_overpayment else "",
        "without_contingent": money(headline["without_contingent_amount"]),
        "beside": _beside(run, headline),
        "counts": [
            (name, f"{headline[f'{noun}_count']:,}", f"of {in_file:,} in the file")
            for name, noun, in_file in (
                ("Claims", "claim", claims["claim_count"]),
                ("Members", "member", claims["member_count"]),
                ("Providers", "provider", claims["provider_count"]),
            )
        ],
        "remarks": _remarks(headline),
    }


def _beside(run: Run, headline: dict[str, Any]) -> dict[str, str]:
    """Return what a headline is of home infusion; of a filtered report no share of the whole run is taken."""
    whole = run.amount("home_infusion", "paid_amount")
    net = "net_overpaid_amount" if headline["measure"] == "overpayment" else "net_review_amount"
    if not whole or not run.filters.is_empty or net not in run.manifest["home_infusion"]:
        reach = "" if run.filters.is_empty else ", in the whole run"
        words = f"paid on claims with a per diem, findings or not{reach}"
        return {"name": "Beside", "figure": money(whole), "words": words}
    part = run.amount("home_infusion", net)
    words = f"of what was paid on claims with a per diem ({money(part)} of {money(whole)})"
    if rest := headline["net_amount"] - part:
        words += f"; {money(rest)} is on other claims"
    return {"name": "Share of home infusion", "figure": percent(part, whole), "words": words}


def _remarks(headline: dict[str, Any]) -> list[str]:
    remarks = []
    if headline["claim_without_provider_count"]:
        claims = count(headline["claim_without_provider_count"], "claim")
        remarks.append(f"{claims} without TIN or NPI not among providers")
    if headline["zero_dollar_line_count"]:
        remarks.append(f"{count(headline['zero_dollar_line_count'], 'line')} at $0.00 net")
    return remarks


def _facts(run: Run) -> list[tuple[str, str]]:
    manifest = run.manifest
    claims, staged, home, rows = manifest["claims"], manifest["staged"], manifest["home_infusion"], manifest["rows"]
    files = ", ".join(input_name(file) for file in manifest["inputs"])
    return [
        ("Claims file", files),
        ("Rows", f"{rows['source']:,} = {rows['read']:,} read + {rows['rejected']:,} rejected{_left_out(rows)}"),
        ("In the file", f"{_lines_and_dollars(claims)} by the plan"),
        (
            "These lines are on",
            f"{count(claims['claim_count'], 'claim')} of {count(claims['member_count'], 'member')} "
            f"and {count(claims['provider_count'], 'provider')}",
        ),
        ("First days of service", f"{day(claims['first_service_date'])} to {day(claims['last_service_date'])}"),
        ("Findings reported on", run.period_words()),
        ("Usable by the rules", f"{_lines_and_dollars(staged)}, after final action"),
        ("Claims with a per diem code", f"{_lines_and_dollars(home)}, findings or not; an incidental code is enough"),
        ("Rules", f"{len(manifest['rules'])}"),
    ]


def _left_out(rows: Rows) -> str:
    """Name the rows that no line of the period can need."""
    return f" + {rows['left_out']:,} left out, of files too far from the period" if rows["left_out"] else ""


def _lines_and_dollars(totals: Claims | Staged | HomeInfusion) -> str:
    return f"{count(totals['line_count'], 'line')}, {money(Decimal(totals['paid_amount']))} paid"
