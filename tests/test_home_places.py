"""Which places count as home, suite or unknown is said once, of the line; facts, rules and evidence read it there."""

from __future__ import annotations

import re

from audit_lib.resources import folder

LISTED = re.compile(r"\(\s*'(?:home|facility)',\s*'(?:suite|missing|other)'")


def test_places_away_from_home_are_listed_once() -> None:
    root = folder("sql")
    texts = {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in root.rglob("*.*")
             if path.suffix in (".sql", ".yml")}  # fmt: skip
    found = {name for name, text in texts.items() if LISTED.search(text)}
    assert found - {"facts/pump_event_days.sql"} == {"staging/claim_lines.sql"}
    # A refill shows itself at home alone: there the suite is away from home.
    assert "place_setting not in ('home', 'missing')" in texts["facts/pump_event_days.sql"]
