"""The page on data quality: what is generated from the suites, in Markdown."""

from __future__ import annotations

from audit_lib.quality.results import allowed_percent
from audit_lib.quality.suites import SUITES, Expectation, read_suite
from audit_lib.resources import folder


def data_quality_page() -> str:
    """Return the page: `expectations/introduction.md`, then a table of every expectation, suite by suite."""
    parts = [(folder("expectations") / "introduction.md").read_text("utf-8")]
    for name in SUITES:
        suite = read_suite(name)
        parts += [f"## {suite.meta.title} (`expectations/{name}.json`)\n", f"Table: {suite.meta.what}.\n"]
        parts += ["| expectation | what is expected | severity | may be otherwise | protects | what it does |"]
        parts += ["|---|---|---|---|---|---|", *map(_row, suite.expectations), ""]
    return "\n".join(parts)


def _row(expectation: Expectation) -> str:
    meaning = expectation.meta
    severity = expectation.severity if meaning.stops is None else f"critical, stops {meaning.stops}"
    protects = "all rules" if meaning.rules == "all" else f"{len(meaning.rules)} rules" if meaning.rules else "no rule"
    if meaning.rules != "all" and 0 < len(meaning.rules) <= 3:
        protects = ", ".join(meaning.rules)
    allowed = allowed_percent(expectation)
    share = "" if allowed is None else f"{allowed:g} %"
    if meaning.tolerated_count:
        share += f", or {meaning.tolerated_count} rows"
    return f"| `{meaning.id}` | {meaning.sentence} | {severity} | {share} | {protects} | {meaning.consequence} |"
