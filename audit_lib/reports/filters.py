"""The filters that every notebook takes: which findings, and lines considered, a report speaks of.

A filter becomes an expression of DuckDB with its values bound in it, never text that is put together: no value can
be read as SQL. The same expression, written out, is what a report prints.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import reduce
from typing import TYPE_CHECKING, Any

from audit_lib.errors import refusal
from audit_lib.names import with_nearest
from audit_lib.settings_rows import provider_key, word_key

if TYPE_CHECKING:
    from duckdb import Expression

OUTCOMES = ("overpayment", "review")
_LISTS = ("provider", "rule", "code", "line_of_business", "outcome")
_DATES = ("date_from", "date_to")
# What reviewers closed is raised again only where it changed, and has another status then (docs/ledger.md).
_NOT_CLOSED = "finding_id not in (select finding_id from finding_status where status = 'closed')"
# Of a TIN that is read as a number; one lost zero is given back, of two nobody can tell.
_FEWEST_DIGITS = 8


@dataclass(frozen=True)
class Filters:
    """What a report is about; whatever is left empty leaves everything in.

    Several values of one filter are separated by commas, and any of them counts; all filters together must hold.

    provider: the TIN; the NPI only where no TIN is billed. rule: names, as in docs/rules.md. code: HCPCS codes.
    line_of_business: as delivered, in any writing (missing counts as commercial). outcome: overpayment, review.
    date_from, date_to: first and last day, YYYY-MM-DD, of the date that chooses the run's period (service, or paid).
    least_amount: US dollars that a finding must reach.

    within: the outcome that a worklist is of, which holds beside the one asked for; what reviewers closed is not in it.

    Outcome and least amount choose findings; counts of lines that rules considered follow the others alone.
    Raises AuditError (2) naming every value that cannot be used.
    """

    provider: str = ""
    rule: str = ""
    code: str = ""
    line_of_business: str = ""
    outcome: str = ""
    date_from: str = ""
    date_to: str = ""
    least_amount: str = "0.00"
    within: str = ""

    def __post_init__(self) -> None:
        refuse(problems_of(self._given()))

    @property
    def is_empty(self) -> bool:
        """Tell whether everything is left in."""
        return not self._conditions(_FINDING_COLUMNS, "service")

    def check_rules(self, known: Collection[str]) -> None:
        """Raise AuditError (2) for rules that the run did not run."""
        refuse(self.unknown_rules(known))

    def unknown_rules(self, known: Collection[str]) -> list[str]:
        """Return what is wrong with the rules asked for, where the run has these."""
        return [
            with_nearest(f"rule: the run has no rule {name!r}", name, known)
            for name in _values(self.rule)
            if name.lower() not in known
        ]

    def expression(self, columns: Collection[str], period_by: str) -> Expression | None:
        """Return the condition on a table with these columns, None where every row stays."""
        conditions = self._conditions(columns, period_by)
        return reduce(lambda one, other: one & other, conditions) if conditions else None

    def sql(self, period_by: str = "service") -> str:
        """Return the condition on findings as SQL, its values quoted; empty where every finding stays."""
        return "\nand ".join(str(condition) for condition in self._conditions(_FINDING_COLUMNS, period_by))

    def _conditions(self, columns: Collection[str], period_by: str) -> list[Expression]:
        """Return one expression per filter that is set and that the table has a column for."""
        from duckdb import CoalesceOperator, ColumnExpression, ConstantExpression, SQLExpression

        def constants(values: Iterable[Any]) -> list[Expression]:
            return [ConstantExpression(value) for value in values]

        found = []
        for values, column in (
            ([provider_key(value) for value in _values(self.provider)], "provider_id"),
            ([value.lower() for value in _values(self.rule)], "rule"),
            ([value.upper() for value in _values(self.code)], "hcpcs_code"),
        ):
            if values and column in columns:
                found.append(ColumnExpression(column).isin(*constants(values)))
        lines = [word_key(value) for value in _values(self.line_of_business)]
        if lines and "line_of_business" in columns:
            delivered = CoalesceOperator(ColumnExpression("line_of_business"), ConstantExpression("commercial"))
            found.append(delivered.isin(*constants(lines)))
        found += self._day_conditions(columns, period_by)
        if "finding_id" in columns:
            outcomes = [value.lower() for value in _values(self.outcome)]
            found += [
                ColumnExpression("outcome").isin(*constants(chosen))
                for chosen in (outcomes, [self.within] if self.within and outcomes != [self.within] else [])
                if chosen
            ]
            if least := Decimal(str(self.least_amount) or "0"):
                found.append(ColumnExpression("amount") >= ConstantExpression(least))
            found += [SQLExpression(_NOT_CLOSED)] * bool(self.within)
        return found

    def _day_conditions(self, columns: Collection[str], period_by: str) -> list[Expression]:
        """Return the conditions on the date that chooses the period, by whole months where a table has only those."""
        from duckdb import ColumnExpression, ConstantExpression

        name = "paid_date" if period_by == "paid" else "claim_line_start_date"
        is_by_month = name not in columns
        if is_by_month and "period_month" not in columns:
            return []
        column = ColumnExpression("period_month" if is_by_month else name)
        first, last = (date.fromisoformat(str(day)) if day else None for day in (self.date_from, self.date_to))
        if first and is_by_month:
            first = first.replace(day=1)
        return [column >= ConstantExpression(first)] * bool(first) + [column <= ConstantExpression(last)] * bool(last)

    def _given(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in (*_LISTS, *_DATES, "least_amount")}


_FINDING_COLUMNS = frozenset({
    "finding_id", "provider_id", "rule", "hcpcs_code", "line_of_business", "outcome", "amount", "paid_date",
    "claim_line_start_date",
})  # fmt: skip


def problems_of(given: dict[str, Any]) -> list[str]:
    """Return what is wrong with filters, one plain phrase each; nothing is quoted but what was typed."""
    found = [
        f"{name} must be text, such as {name}=a,b"
        for name in _LISTS
        if isinstance(given.get(name, ""), bool) or not isinstance(given.get(name, ""), str | int)
    ]
    if isinstance(given.get("provider"), int) and len(str(given["provider"])) < _FEWEST_DIGITS:
        found.append(
            "provider is a number of fewer digits than a TIN has: give it as text (papermill -r), zeros and all"
        )
    if not found:
        found += [
            f"outcome: there is no outcome {value!r}; it is overpayment, review or empty"
            for value in _values(given.get("outcome", ""))
            if value.lower() not in OUTCOMES
        ]
    days = {name: _day(given.get(name, "")) for name in _DATES}
    found += [f"{name} must be a date of the calendar, as YYYY-MM-DD" for name, day in days.items() if day is None]
    if all(days.values()) and days["date_from"] > days["date_to"]:  # type: ignore[operator]
        found.append("date_from is later than date_to")
    if not _is_amount(given.get("least_amount", "0")):
        found.append("least_amount must be dollars of 0 or more, such as 50 or 49.95")
    return found


def profile_problems(provider: object, minimum_lines: object) -> list[str]:
    """Return what is wrong with the provider to profile and with the lines that its peers must have."""
    is_whole = isinstance(minimum_lines, int) and not isinstance(minimum_lines, bool) and minimum_lines >= 0
    return [
        *problems_of({"provider": provider}),
        *([] if is_whole else ["minimum_lines must be a whole number of lines, such as 30"]),
    ]


def refuse(problems: list[str]) -> None:
    """Raise AuditError (2) with all problems in one paragraph."""
    if problems:
        raise refusal("The parameters cannot be used", problems, "Correct them.")


def _values(given: object) -> list[str]:
    """Return what commas separate; papermill hands a code of digits over as a number."""
    return [value.strip() for value in str(given).split(",") if value.strip()]


def _day(value: object) -> date | str | None:
    """Return the date written, an empty text where there is none, None where it is none of the calendar."""
    if value in {"", None}:
        return ""
    try:
        return date.fromisoformat(str(value)) if len(str(value)) == 10 else None
    except ValueError:
        return None


def _is_amount(value: object) -> bool:
    try:
        amount = Decimal(str(value) or "0")
    except InvalidOperation:
        return False
    return not isinstance(value, bool) and amount.is_finite() and 0 <= amount < Decimal(10) ** 16
