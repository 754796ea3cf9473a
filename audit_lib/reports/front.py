"""The front page of the overpayment report: the result in words, the two headlines, what was audited."""

from decimal import Decimal
from typing import Any

from audit_lib.manifest_keys import Claims, HomeInfusion, Rows, Staged
from audit_lib.reports.blocks import TEMPLATES, Block, render
from audit_lib.reports.cautions import cautions
from audit_lib.reports.lead import headline_of, lead_sentence
from audit_lib.reports.recovery_block import recovery_facts, recovery_remark
from audit_lib.run import Run
from audit_lib.words import compact_money, count, day, input_name, money, percent, setting_text


def front_page(run: Run) -> Block:
    """Return the front page: the result in a sentence, both headlines, what to know before using them."""
    lead, recovery = lead_sentence(run), recovery_facts(run)
    html = render(
        "front_page.html.j2",
        css=(TEMPLATES / "blocks.css").read_text(encoding="utf-8"),
        subject=subject(run),
        lead=lead,
        cards=[_card(run, headline_of(run, measure)) for measure in ("overpayment", "review")],
        recovery=recovery,
        recovery_remark=recovery_remark(run, len(recovery)),
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
    return _listed(_facts(run))


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
    facts += [(f"Setting {name}", setting_text(value)) for name, value in sorted(settings.items())]
    return _listed(facts)


def _listed(facts: list[tuple[str, str]]) -> Block:
    return Block(render("facts.html.j2", facts=facts), "\n".join(f"{name}: {value}" for name, value in facts))


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
        return {"name": "For comparison", "figure": money(whole), "words": words}
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
