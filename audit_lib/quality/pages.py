"""The page on data quality: what is generated from the suites, in Markdown."""

from __future__ import annotations

from audit_lib.quality.results import allowed_percent
from audit_lib.quality.suites import SUITES, Expectation, read_suite

_INTRODUCTION = """# Data quality

A wrong claims extract makes a wrong demand letter. So every run measures its claims before anyone may believe its
findings: Great Expectations counts inside the run's own DuckDB, `quality.json` keeps the counts (never a value of a
row), and notebook `01_data_quality` shows them. `infusion-audit check PATH` does it without auditing.

## What a failure does

* **critical, stops the run**: claim keys, paid or allowed amounts that are missing or cannot be read beyond the
  threshold, and findings that contradict themselves. The run ends with exit code 12; nothing is written.
* **critical, stops rules**: a column most of whose given values cannot be read. Nobody can tell what it says, so it
  counts as empty in every row, it rejects no row, and every rule that needs it answers `not_evaluable` on each line
  that it considers, with the dollars of these lines and a reason that names the column. All other rules decide as ever.
  Where the period is one of paid dates, such a `paid_date` stops the run.
  The manifest (`quality.emptied_columns`, `quality.stopped_rules`) and the report's first page say so.
* **warning, info**: nothing stops; the result says what it does to findings. Values that are missing are never critical
  but in claim keys: the rules decide on them line by line.

A value that cannot be read, in a column most of whose values can, rejects its row, as in
[data_dictionary.md](data_dictionary.md). So the share is measured on what is *given*: empty values count on neither
side. Up to 20 rows without a key or with an unreadable amount are rejected and stop nothing unless they are most of
the file: a small file has few rows. Where not one row can be read, the layout is wrong (exit code 11).

`continue_on_quality_failure: true` in the settings goes on regardless: no run and no rule is stopped, no column counts
as empty, unreadable values reject their rows, and the report's first page says so. `--no-quality` leaves the gate out;
manifest and first page say so too, and rows are then rejected as the data dictionary has it.

Counting is done by DuckDB, one query for most of a suite. `python -m benchmarks.quality_gate DIR/claims` compares each
suite with one query of the same counts written by hand, in processor seconds of one run; `python -m
benchmarks.generate --lines 10_000_000 --out DIR` makes the claims. On 10 million lines and two threads all suites
together take as long as the counts by hand, profiles among them ([performance.md](performance.md)). As most suites look
at few rows, each is also measured on its table repeated to 10 million rows. All counts were equal.

| suite | times the counts by hand, on 10 million rows |
|---|---|
| claims as read | 0.92 |
| infusion lines | 1.43 |
| code lists | 1.54 |
| findings | 1.76 |

On few rows the library's own work is all there is: some 10 ms for each expectation. Its start (some seconds) comes on
top, once a run, while claims are read.

ERROR is neither PASS nor FAIL: the expectation could not be evaluated. A critical ERROR stops what a failure would.

## What real extracts do

The profiles (`sql/quality/profiles`, one query each) measure lines, claims and dollars: of the whole file where that is
cheap, else of the claims that a rule can use, as the comment on top of each says. Volumes by month are also compared
with the newest earlier run in the same folder that had the same layout.

"""


def data_quality_page() -> str:
    """Return the page with a table of every expectation, suite by suite."""
    parts = [_INTRODUCTION]
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
