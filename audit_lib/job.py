"""A run that was checked and can begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from audit_lib.claims.layouts import Layout
from audit_lib.claims.sources import SourceFile
from audit_lib.progress import Progress
from audit_lib.rules import Rule
from audit_lib.run_options import RunOptions


@dataclass(frozen=True)
class Job:
    """What is asked, of which claims, by which rules, and where it goes.

    `rules_in_use_count` counts the rules that could run, `rules` are those that do. `passed_over` is what lies beside
    the files and is not read.
    """

    options: RunOptions
    created_at: datetime
    rules: list[Rule]
    rules_in_use_count: int
    layout: Layout
    files: list[SourceFile]
    run_id: str
    target: Path
    progress: Progress
    passed_over: Sequence[str] = ()
