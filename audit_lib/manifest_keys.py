"""What stands in a run's `manifest.json`: every key, its type and its meaning; amounts are text with two decimals.

`docs/data_dictionary.md` is made from this, and `tests/test_manifest.py` holds real runs to it.
"""

from __future__ import annotations

from typing import Annotated, Any, NotRequired, TypedDict

from audit_lib.choices import EngineName, PeriodBy

# Raised whenever a file or key of a run gets another shape: runs of another version are refused, not guessed at.
SCHEMA_VERSION = 3
Text = Annotated[str, "text"]
Amount = Annotated[str, "amount"]
Day = Annotated[str, "date"]

# Two keys are words of Python's own, so these two are written as calls.
Parameters = TypedDict(
    "Parameters",
    {
        "from": Annotated[Day | None, "first day of the period asked for (`--from`)"],
        "to": Annotated[Day | None, "its last day (`--to`)"],
        "period_by": Annotated[PeriodBy, "text", "the date that chooses the period: service, paid"],
        "rules": Annotated[list[Text], "the rules that ran, in their order"],
        "selected_rules": Annotated[list[Text], "those that `--rules` named; empty: all"],
        "rules_in_use_count": Annotated[int, "rules that could have run, the plan's own among them"],
        "assume_in_force": Annotated[bool, "a what-if: every date judged by the current text"],
        "quality": Annotated[bool, "the data-quality gate was asked for"],
        "share": Annotated[bool, "a shared page was asked for"],
        "settings": Annotated[dict[str, Any], "every setting with its value (docs/settings.md)"],
    },
)


class SettingsFile(TypedDict):
    """A file that a setting names; of the plan's own folder (`local`) every file."""

    setting: Annotated[Text, "the setting that names it"]
    path: Annotated[Text, "the file's name, without its folder"]
    bytes: Annotated[int, "its size"]
    sha256: Annotated[Text, "its SHA-256"]


class Input(TypedDict):
    """A claims file, or the rows of a database."""

    path: Annotated[Text, "the file's name, or its path below the folder that `--claims` names"]
    bytes: Annotated[int, "its size"]
    sha256: Annotated[Text, "its SHA-256; of rows in Postgres that of the rows as they were copied"]
    row_count: Annotated[int, "rows in it"]
    left_out_count: Annotated[int, "rows of it that were left out, since they lie far from the period"]
    copy_of: NotRequired[Annotated[Text, "the first of these files with the same bytes: rows of both are summed"]]
    unread_modifiers: NotRequired[Annotated[list[Text], "columns that seem to hold modifiers and that nothing reads"]]
    table: NotRequired[Annotated[Text, "the table that was read (`--table`)"]]
    query: NotRequired[Annotated[Text, "the query that was read (`--query`), whole"]]


class Rows(TypedDict):
    """What became of the rows of the source: `source` = `read` + `rejected` + `left_out`."""

    source: Annotated[int, "rows in the source"]
    read: Annotated[int, "rows read"]
    rejected: Annotated[int, "rows that could not be read (`rejected_rows.parquet`)"]
    left_out: Annotated[int, "rows far from the period, left out"]


class Claims(TypedDict):
    """The rows read, before any was set aside."""

    line_count: Annotated[int, "rows"]
    claim_count: Annotated[int, "different claims"]
    member_count: Annotated[int, "different members"]
    provider_count: Annotated[int, "different providers (TIN, else NPI)"]
    paid_amount: Annotated[Amount, "paid on them"]
    missing_paid_count: Annotated[int, "rows without a paid amount, counted as 0.00"]
    first_service_date: Annotated[Day | None, "earliest first day of service"]
    last_service_date: Annotated[Day | None, "latest first day of service"]
    has_bill_types: Annotated[bool, "some row has a type of bill"]


class Staged(TypedDict):
    """The lines that rules could use, after final action."""

    line_count: Annotated[int, "lines"]
    paid_amount: Annotated[Amount, "paid on them"]


class HomeInfusion(TypedDict):
    """Allowed lines in scope and period of claims that hold a per diem."""

    line_count: Annotated[int, "lines"]
    claim_count: Annotated[int, "their claims"]
    member_count: Annotated[int, "their members"]
    provider_count: Annotated[int, "their providers"]
    paid_amount: Annotated[Amount, "paid on them"]
    net_overpaid_amount: Annotated[Amount, "potential overpayment on them"]
    net_review_amount: Annotated[Amount, "under review on them"]


class Totals(TypedDict):
    """What the audit found, each dollar once."""

    net_overpaid_amount: Annotated[Amount, "potential overpayment"]
    contingent_overpaid_amount: Annotated[Amount, "the part of it that rests on a per diem itself overpaid in full"]
    net_review_amount: Annotated[Amount, "needs review, beyond the potential overpayment on the same lines"]
    overpaid_line_count: Annotated[int, "lines with a potential overpayment, those of 0.00 included"]
    review_line_count: Annotated[int, "lines with a review, those included to which it adds 0.00"]


class Undecided(TypedDict):
    """What could not be decided from what the claims say."""

    decision_count: Annotated[int, "answers of rules on lines, in all"]
    not_evaluable_count: Annotated[int, "answers `not_evaluable` among them"]
    undecided_line_count: Annotated[int, "lines with such an answer"]
    undecided_paid_amount: Annotated[Amount, "paid on these lines"]


class Gate(TypedDict):
    """A gate of the audit; gates that nothing met stand here too."""

    gate: Annotated[Text, "its name"]
    title: Annotated[Text, "what it does, in words"]
    line_count: Annotated[int, "rows, lines or answers that it met"]
    paid_amount: Annotated[Amount, "paid on them; of gates on answers the amount that the rule had decided"]


class PolicyWindow(TypedDict):
    """From when a group of rules is in force, and by which text."""

    group: Annotated[Text, "the group of rules (docs/rules.md)"]
    not_in_force_before: Annotated[Day, "services before it are `not_in_force`"]
    overpayment_from: Annotated[Day, "services before it are reviews at most"]
    policy_text: Annotated[Text, "the text that findings from then on rest on"]
    earlier_policy_text: Annotated[Text, "the text that findings before rest on"]


class OverrideUse(TypedDict):
    """An override of the plan, used or not."""

    row: Annotated[int, "its row in the file, the first after the header being 1"]
    rule: Annotated[Text, "the rule that it changes"]
    hcpcs_code: Annotated[Text | None, "the code that it is for; empty: all"]
    date_from: Annotated[Day | None, "its first day; empty: always"]
    date_to: Annotated[Day | None, "its last day; empty: always"]
    action: Annotated[Text, "exempt, review"]
    note: Annotated[Text | None, "the plan's note"]
    approved_by: Annotated[Text | None, "who approved it"]
    line_count: Annotated[int, "answers that it changed"]
    decided_amount: Annotated[Amount, "what the rules had decided on them"]


class LimitUse(TypedDict):
    """A lookback limit of the plan, used or not."""

    row: Annotated[int, "its row in the file, the first after the header being 1"]
    line_of_business: Annotated[Text | None, "whom it is for; empty: all"]
    state: Annotated[Text | None, "where it is for; empty: all"]
    months: Annotated[int | None, "months of the limit"]
    counted_from: Annotated[Text | None, "paid, service"]
    exempt_rules: Annotated[Text | None, "rules that it does not bind, separated by semicolons"]
    citation: Annotated[Text | None, "what it rests on, in the plan's own words"]
    finding_count: Annotated[int, "findings whose time it decided"]


class Assumption(TypedDict):
    """A field that lines lack and what was assumed instead."""

    column: Annotated[Text, "the column"]
    assumed: Annotated[Text, "what was assumed, in words"]
    line_count: Annotated[int, "lines that lack it"]
    paid_amount: Annotated[Amount, "paid on them"]
    overpayment_line_count: Annotated[int, "lines with a potential overpayment among them"]
    overpayment_amount: Annotated[Amount, "potential overpayment on them"]


class HeaderRepeats(TypedDict):
    """Institutional claims that carry one amount on every line: the claim's total repeated, not shares of it."""

    claim_count: Annotated[int, "such claims"]
    line_count: Annotated[int, "their lines"]
    paid_amount: Annotated[Amount, "paid on them as delivered"]
    paid_amount_once_per_claim: Annotated[Amount, "paid on them, each claim's amount once"]
    claims_of_several_lines: Annotated[int, "institutional claims of several lines, in all"]


class RuleEntry(TypedDict):
    """A rule that ran, as it stood then."""

    rule: Annotated[Text, "its name"]
    number: Annotated[int, "its number"]
    title: Annotated[Text, "its title"]
    version: Annotated[int, "its version"]
    status: Annotated[Text, "draft, stable"]
    group: Annotated[Text, "its group of policy windows"]
    family: Annotated[Text, "its family"]
    policy_section: Annotated[Text, "policy and section that it rests on"]
    sql_sha256: Annotated[Text, "SHA-256 of its SQL, white space and comments aside"]
    why: Annotated[Text, "why it is a breach"]
    recover: Annotated[Text, "how many of the line's dollars"]
    settled_by: Annotated[list[Text], "documents that settle it"]


class Quality(TypedDict):
    """What the data-quality gate did; `quality.json` has its counts."""

    left_out: Annotated[bool, "the gate was left out (`--no-quality`); then nothing else stands here but a version"]
    schema_version: NotRequired[Annotated[int, "version of `quality.json`, where the gate was left out"]]
    continued_regardless: NotRequired[Annotated[bool, "it would have stopped the run, and the settings went on"]]
    critical_failures: NotRequired[Annotated[list[Text], "critical expectations that were not met"]]
    emptied_columns: NotRequired[Annotated[list[dict[str, str]], "columns that count as empty, with the reason"]]
    stopped_rules: NotRequired[Annotated[list[dict[str, str]], "rules that answer `not_evaluable`, with the reason"]]
    unmet_warnings: NotRequired[Annotated[list[Text], "expectations of lesser weight that were not met"]]
    compared_with_run: NotRequired[Annotated[Text | None, "the earlier run whose volumes it was compared with"]]


class LedgerEntry(TypedDict):
    """What the ledger says of the run."""

    schema_version: Annotated[int, "version of the ledger"]
    run_number: Annotated[int, "the run's number in it"]
    previous_run_id: Annotated[Text | None, "the run before"]
    previous_as_of: Annotated[Day | None, "the day of that run"]
    statuses: Annotated[dict[str, int], "findings by status"]


class Output(TypedDict):
    """A file of the run folder, the manifest itself left out."""

    path: Annotated[Text, "its path in the run folder"]
    bytes: Annotated[int, "its size"]
    sha256: Annotated[Text, "its SHA-256"]


class Manifest(TypedDict):
    """What a run read, decided and wrote."""

    schema_version: Annotated[int, "version of these keys and of the run's files; runs of another one are refused"]
    run_id: Annotated[Text, "the run, by the name of its folder"]
    created_at: Annotated[Text, "when it began, in UTC"]
    as_of: Annotated[Day, "the day that recovery deadlines are counted to (`--as-of`)"]
    engine: Annotated[EngineName, "text", "what ran the SQL: duckdb, spark"]
    layout: Annotated[Text, "the layout: its name or file"]
    layout_sha256: Annotated[Text, "one SHA-256 of the shipped layouts and of the plan's own"]
    parameters: Annotated[Parameters, "what was asked"]
    settings_files: Annotated[list[SettingsFile], "files that the settings name"]
    shared_sql_sha256: Annotated[Text, "one SHA-256 of all SQL and code lists that belong to no single rule"]
    policy_applies_confirmed: Annotated[bool, "the settings say to whom the policy applies"]
    inputs: Annotated[list[Input], "the claims"]
    passed_over: Annotated[
        list[Text], "files beside them in the named folders that were not read, by their names or their text"
    ]
    rows: Annotated[Rows, "what became of their rows"]
    claims: Annotated[Claims, "the rows read"]
    staged: Annotated[Staged, "the lines that rules could use"]
    home_infusion: Annotated[HomeInfusion, "what shares of home infusion are taken of"]
    totals: Annotated[Totals, "what was found"]
    undecided: Annotated[Undecided, "what could not be decided"]
    gates: Annotated[list[Gate], "what was set aside or changed, and why"]
    policy_windows: Annotated[list[PolicyWindow], "when which policy text is in force"]
    overrides: Annotated[list[OverrideUse], "overrides of the plan"]
    lookback_limits: Annotated[list[LimitUse], "lookback limits of the plan"]
    assumptions: Annotated[list[Assumption], "what was assumed"]
    header_repeats: Annotated[HeaderRepeats, "amounts that seem to repeat a claim's total"]
    rules: Annotated[list[RuleEntry], "the rules that ran"]
    packages: Annotated[dict[str, str], "versions of the packages that results may depend on"]
    package_version: Annotated[Text, "version of infusion-audit"]
    local_changes: Annotated[list[dict[str, Any]], "what the plan's own folder added or closed"]
    quality: Annotated[Quality, "the data-quality gate"]
    ledger: NotRequired[Annotated[LedgerEntry, "the ledger, where there is one"]]
    timings: Annotated[dict[str, float], "seconds of each step"]
    outputs: NotRequired[Annotated[list[Output], "files of the run folder; last of all, so absent while it is written"]]
