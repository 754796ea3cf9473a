"""A second hand-out of a run is the first one: here every export performs the rules anew, as outside of the tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from audit_lib.handout import evidence
from audit_lib.run import Run
from tests.handout.reading import Export


@pytest.mark.parametrize("file_format", ["xlsx", "parquet"])
def test_the_same_run_gives_the_same_bytes(
    file_format: str, contingent: Path, export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    perform, performed = evidence.evidence_for, []

    def counted(run: Run, finding_ids: Sequence[str]) -> Any:
        performed.append(perform(run, finding_ids))
        return performed[-1]

    monkeypatch.setattr(evidence, "evidence_for", counted)
    first, second = (export(contingent, "--format", file_format) for _ in range(2))
    files = sorted(p.relative_to(first) for p in (first / "providers").rglob("*") if p.is_file())
    assert files and all((first / p).read_bytes() == (second / p).read_bytes() for p in files)
    assert performed[0] and performed[0] is not performed[1]
