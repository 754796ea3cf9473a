"""What the front page says of the ledger: what is new since the last run, and which dollars nobody has validated."""

from typing import Any

from audit_lib.reports import ledger_tables
from audit_lib.reports.blocks import Block, note
from audit_lib.reports.tables import by_rule
from audit_lib.run import Run
from audit_lib.words import count, day, money, verb


def since_last_run(run: Run) -> Block:
    """Return in a sentence what this run adds to the one before."""
    if run.is_shared:
        return note("What the ledger remembers is left out of a report that is shared.")
    table = ledger_tables.since_last_run(run)
    if table.empty:
        return note(
            "This run was made without a ledger, so it is not known which findings are new. "
            "Leave out --no-ledger, or name a --ledger."
        )
    rows = {row["status"]: row for row in table.to_dict("records")}
    before = run.manifest["ledger"]["previous_as_of"]
    lead = f"Since the run of {day(before)}: " if before else "This is the first run that the ledger holds: "
    parts = [_new(rows["new"])]
    for status in ("changed", "open", "closed", "gone", "superseded", "not_seen"):
        if number := rows[status]["finding_count"]:
            again = rows[status]["raised_again_count"] if status == "changed" else 0
            closed = f" ({again:,} of them closed before)" if again else ""
            parts.append(f"{number:,} {status.replace('_', ' ')}{closed}")
    return note(lead + "; ".join(parts) + ".")


def _new(row: dict[Any, Any]) -> str:
    """Say how many findings are new, and their dollars where there are any."""
    if not row["finding_count"]:
        return "no finding is new"
    dollars = [
        f"{money(row[column])} {of}"
        for column, of in (("net_overpaid_amount", "of potential overpayment"), ("net_review_amount", "to review"))
        if row[column]
    ]
    said = f" ({', '.join(dollars)})" if dollars else ""
    return f"{count(row['finding_count'], 'finding')} new{said}"


def closed_cautions(run: Run) -> list[str]:
    """Say what reviewers closed of the findings reported on; of a worklist, what it leaves out for that."""
    if run.is_shared:
        return []
    if run.filters.within:
        leads = run.table("closed_leads").iloc[0]
        if not (number := int(leads["finding_count"])):
            return []
        leads_closed = f"{count(number, 'lead')} ({money(leads['net_review_amount'])}) that reviewers closed"
        return [f"{leads_closed} {verb(number, 'is', 'are')} left out."]
    row = run.table("closed_dollars").iloc[0]
    found = []
    if row["closed_finding_count"]:
        found.append(
            f"Of these findings reviewers closed {row['closed_finding_count']:,}: "
            f"{money(row['closed_overpaid_amount'])} of potential overpayment and "
            f"{money(row['closed_review_amount'])} to review."
        )
    if row["recovered_of_open_amount"]:
        found.append(f"Of the open findings {money(row['recovered_of_open_amount'])} was recovered already.")
    if found:
        found.append("These dollars are counted here as the run found them; exports and letters leave them out.")
    return [" ".join(found)] if found else []


def validation_cautions(run: Run) -> list[str]:
    """Say how many dollars come from rules that reviewers have not accepted on the plan's own data."""
    if run.is_shared:
        return []
    row = run.table("unvalidated_dollars").iloc[0]
    if not row["rule_count"]:
        return []
    return [
        f"Not yet validated here: {money(row['net_overpaid_amount'])} of potential overpayment and "
        f"{money(row['net_review_amount'])} to review, of {count(int(row['rule_count']), 'rule')} that reviewers "
        "have not accepted on the plan's own data."
    ]


def shared_validation_cautions(run: Run) -> list[str]:
    """Say of how many rules reviewers have accepted the dollars; which ones and how many dollars stays in the team."""
    rules = by_rule(run)
    accepted = int((rules["validation"] == "accepted").sum())
    number = len(run.manifest["rules"])
    if accepted == number:
        return []
    return [
        f"Not yet validated here: on the plan's own data reviewers have accepted {accepted or 'none'} of "
        f"{count(number, 'rule')}."
    ]
