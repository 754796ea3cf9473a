"""Figures of therapies: what is billed, how long courses last, calendars of pumps, one course line by line."""

from decimal import Decimal
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from audit_lib.reports.blocks import Block, note
from audit_lib.reports.figures.spans import Span, add_spans, lay_days
from audit_lib.reports.figures.style import (
    COLOURS,
    GRID,
    SOFT,
    finished,
    height_of,
    layout,
    plain,
    rank_axes,
    ranked_bars,
    records,
    row_labels,
)
from audit_lib.words import compact_money, count, day, money, percent, percents, policy, therapy, units, verb

_SHOWN = 20
_DAY_KINDS: dict[str, dict[str, Any]] = {
    "billed on a refill or a visit": {"color": COLOURS["pass"]},
    "billed, refill not shown to be at home": {"color": COLOURS["excepted"]},
    "billed, no refill seen": {"color": COLOURS["review"]},
    "partly in order, more units than refills": {
        "color": COLOURS["pass"],
        "line": {"color": COLOURS["overpayment"], "width": 2},
    },
    "billed beyond the refills": {"color": COLOURS["overpayment"]},
}
_LINE_COLOURS = {"overpayment": COLOURS["overpayment"], "review": COLOURS["review"], "no finding": "#9aa5ae"}


def therapy_mix(table: pd.DataFrame) -> go.Figure | Block:
    """Draw what was paid for per diems of each therapy, the largest first."""
    if table.empty:
        return note("No per diem was paid, so there is no mix of therapies.")
    rows = table.head(_SHOWN)
    whole = sum(table["paid_amount"])
    labels = [therapy(str(family)) for family in rows["therapy_family"]]
    written = [
        f"{money(row.paid_amount)}, {count(row.day_count, 'day')}, {count(row.provider_count, 'provider')}"
        for row in records(rows)
    ]
    first = rows["paid_amount"].iloc[0]
    title = (
        f"“{labels[0]}” is {percent(first, whole)} of what was paid for per diems ({money(first)} of {money(whole)})"
        f"{_drawn(len(rows), len(table))}"
    )
    series = [{"name": "Paid", "values": list(rows["paid_amount"]), "written": written, "colour": SOFT}]
    return finished(ranked_bars(labels, series, title), table, f"Bars of dollars paid for {len(rows)} therapies.")


def _drawn(drawn: int, whole: int) -> str:
    """Say how many therapies a figure leaves out; nothing where it draws them all."""
    return f". Drawn are {drawn:,} of {whole:,} therapies; the table has all" if drawn < whole else ""


def code_kinds(table: pd.DataFrame) -> go.Figure | Block:
    """Draw what the audited lines paid for, by kind of code."""
    if table.empty:
        return note("No line was paid, so there is nothing to divide.")
    whole = sum(table["paid_amount"])
    labels = list(table["code_kind"])
    written = [f"{money(row.paid_amount)}, {count(row.line_count, 'line')}" for row in records(table)]
    share = percent(table["paid_amount"].iloc[0], whole)
    title = f"The most was paid for lines of the kind “{labels[0]}”: {share} of {compact_money(whole)}"
    series = [{"name": "Paid", "values": list(table["paid_amount"]), "written": written, "colour": SOFT}]
    return finished(ranked_bars(labels, series, title), table, f"Bars of dollars paid for {len(table)} kinds of codes.")


def episode_units(table: pd.DataFrame) -> go.Figure | Block:
    """Draw, per therapy, the share of courses with more units than days."""
    if table.empty:
        return note("No per diem was paid, so there is no course of therapy.")
    sums = table.groupby("therapy_family", sort=False)[["episode_count", "episode_above_days_count"]].sum()
    sums = sums.sort_values(["episode_above_days_count", "episode_count"], ascending=False, kind="stable").head(_SHOWN)
    above, whole = int(table["episode_above_days_count"].sum()), int(table["episode_count"].sum())
    title = (
        f"{above:,} of {whole:,} courses ({percents(100 * above / whole)}) bill more units than days"
        if above
        else f"None of {whole:,} courses bills more units than days"
    )
    title += _drawn(len(sums), table["therapy_family"].nunique())
    labels = [therapy(str(family)) for family in sums.index]
    series = [
        {"name": name, "values": list(values), "written": [f"{value:,} courses" for value in values], "colour": colour}
        for name, values, colour in (
            ("Courses", sums["episode_count"], SOFT),
            ("with more units than days", sums["episode_above_days_count"], COLOURS["overpayment"]),
        )
    ]
    figure = ranked_bars(labels, series, title, is_money=False)
    return finished(
        figure, table, f"Two bars for {len(labels)} therapies: courses, and those with more units than days."
    )


def tpn_products(table: pd.DataFrame) -> go.Figure | Block:
    """Draw what was paid for products behind TPN codes, beside a TPN per diem or not."""
    if table.empty:
        return note("No line of a TPN code was paid.")
    rows = table.assign(label=table["product_name"] + ": " + table["policy"].map(policy))
    sums = rows.pivot_table(
        index="label", columns="is_beside_per_diem", values="paid_amount", aggfunc="sum", sort=False
    )
    sums = sums.reindex(columns=[True, False]).astype(object)
    # A file may have lines on one side alone.
    sums = sums.map(lambda value: Decimal("0.00") if pd.isna(value) else value)
    sums = sums.loc[(sums[True] + sums[False]).sort_values(ascending=False, kind="stable").index].head(_SHOWN)
    whole, beside = sum(table["paid_amount"]), sum(table.loc[table["is_beside_per_diem"], "paid_amount"])
    title = f"{percent(beside, whole)} of {compact_money(whole)} paid under TPN codes stands beside a TPN per diem"
    series = [
        {"name": name, "values": list(sums[key]), "written": [money(value) for value in sums[key]], "colour": colour}
        for name, key, colour in (
            ("Beside a TPN per diem", True, SOFT),
            ("Not beside one", False, COLOURS["not_in_force"]),
        )
    ]
    words = f"Two bars for each of {count(len(sums), 'product')}."
    return finished(ranked_bars(list(sums.index), series, title), table, words)


def pump_calendar(table: pd.DataFrame) -> go.Figure | Block:
    """Draw the days with S9328, a row of days for each member and month: green where a refill or a visit is seen."""
    if table.empty:
        return note("No finding on an implanted pump (S9328), so there is no calendar to draw.")
    rows = table.assign(month=[date.replace(day=1) for date in table["service_date"]])
    row_keys: list[Any] = [(row.member_rank, row.member_id, row.month) for row in records(rows)]
    keys = sorted(set(row_keys))[:36]
    places = {key: place for place, key in enumerate(keys)}
    rows = rows.assign(key=row_keys)
    rows = rows[rows["key"].isin(places)]
    extra = int(sum(rows["unit_quantity"] - rows["kept_unit_quantity"]))
    members = len({member for _, member, _ in keys})
    billed = f"{count(int(sum(rows['unit_quantity'])), 'unit')} of S9328 of the {count(members, 'member')} drawn"
    title = f"{extra:,} of {billed} {verb(extra, 'lies', 'lie')} beyond the refills that claims show"
    if not extra:
        title = f"{billed} {verb(int(sum(rows['unit_quantity'])), 'stands', 'stand')}, yet refills are not all shown"
    figure = go.Figure(layout=layout(title, height_of(len(keys)) + 12))
    for kind, mark in _DAY_KINDS.items():
        part = rows[rows["day_kind"] == kind]
        if not part.empty:
            figure.add_scatter(
                x=[date.day for date in part["service_date"]], y=[places[key] + 0.12 for key in part["key"]],
                mode="markers", name=kind.capitalize(), marker=mark | {"symbol": "square", "size": 12},
                customdata=[
                    [plain(str(row.member_id)), day(row.service_date), units(row.unit_quantity)]
                    for row in records(part)
                ],
                hovertemplate=f"%{{customdata[0]}}, %{{customdata[1]}}<br>{kind}, %{{customdata[2]}}<extra></extra>",
            )  # fmt: skip
    figure.update_layout(annotations=row_labels([f"Member {member}, {month:%B %Y}" for _, member, month in keys]))
    rank_axes(figure, len(keys))
    figure.update_xaxes(range=[0.3, 31.7], tickvals=[1, 5, 10, 15, 20, 25, 31], gridcolor=GRID)
    return finished(
        figure, table, "Each square is a day on which S9328 was billed, a row of days for each member and month."
    )


def course_timeline(table: pd.DataFrame) -> go.Figure | Block:
    """Draw the lines of one course of therapy as spans of days, coloured by what was found on them."""
    if table.empty:
        return note("No finding on a per diem line, so there is no course to draw.")
    rows = table.reset_index(drop=True)
    labels = rows["hcpcs_code"].fillna("no code").str.cat(rows["code_label"].fillna(""), sep="  ").str.strip()
    places = {label: place for place, label in enumerate(dict.fromkeys(labels))}
    found = sum(rows["net_overpaid_amount"])
    title = (
        f"Of {money(sum(rows['paid_amount']))} paid on {count(len(rows), 'line')} of one course, "
        f"{money(found)} may be overpaid"
        if found
        else f"Of {money(sum(rows['paid_amount']))} paid on {count(len(rows), 'line')} of one course, "
        f"{money(sum(rows['net_review_amount']))} needs review"
    )
    figure = go.Figure(layout=layout(title, height_of(len(places)) + 18))
    for kind, colour in _LINE_COLOURS.items():
        part = rows[rows["line_outcome"] == kind]
        spans = [
            Span(places[labels[row.Index]], row.claim_line_start_date, row.claim_line_end_date, _line_words(row))
            for row in records(part)
        ]
        add_spans(figure, spans, kind.capitalize(), colour)
    lay_days(figure, list(places), min(rows["claim_line_start_date"]), max(rows["claim_line_end_date"]))
    return finished(figure, table, "Each bar is a claim line, as long as its days, in the row of its code.")


def _line_words(row: Any) -> str:
    """Write a line's span, its payment and what is in question, for the hover text."""
    billed = "" if pd.isna(row.unit_quantity) else f", {units(row.unit_quantity)}"
    said = (
        f"{row.hcpcs_code}, {day(row.claim_line_start_date)} to {day(row.claim_line_end_date)}",
        f"Paid {money(row.paid_amount)}{billed}",
        f"overpaid {money(row.net_overpaid_amount)}, review {money(row.net_review_amount)}",
    )
    return "<br>".join(plain(text) for text in said)
