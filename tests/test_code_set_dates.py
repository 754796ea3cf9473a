"""A row of a code list counts from its first to its last day: whoever reads a list asks for the dates."""

from pathlib import Path

from audit_lib.pipeline import load_steps

ROOT = Path(__file__).parent.parent / "sql"
LISTS = {path.stem for path in (ROOT / "code_sets").glob("*.csv")}
# These gather codes from whole lists, to keep lines that some rule may look at; the rules ask for the dates.
GATHERING = {"bundled_codes", "context_codes"}
# This splits every text into words; who compares them asks for the dates.
SPLITTING = {"text_words"}
# Rule 27 compares dates of its own; in-force windows are looked up by group.
OWN_DATES = {"hcpcs_validity"}


def test_facts_and_rules_ask_for_the_dates_of_every_list_that_they_read() -> None:
    steps = load_steps(ROOT / "facts", ROOT / "rules")
    careless = [
        f"{name} reads {table}"
        for name, step in sorted(steps.items())
        for table in sorted(step.reads & (LISTS - OWN_DATES))
        if name not in GATHERING | SPLITTING and "valid_from" not in step.sql
    ]
    assert careless == []
