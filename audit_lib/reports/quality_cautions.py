"""What the front page says of the data: what the gate stopped, passed over when told to, or did not find in order."""

from __future__ import annotations

from typing import Any

from audit_lib.reports.blocks import Block, note
from audit_lib.run import Run


def quality_verdict(run: Run) -> Block:
    """Return in words whether the data may be believed, and what of it may not."""
    quality: dict[str, Any] = run.manifest.get("quality") or {}
    if not quality or quality.get("left_out"):
        return note("The data-quality gate was left out of this run: nobody has measured what its claims are worth.")
    if found := _cautions(quality, "What was expected, below,"):
        return note(" ".join(found))
    return note("The data is as expected: no rule was stopped, no warning is unmet. Findings rest on sound columns.")


def quality_cautions(run: Run) -> list[str]:
    """Return what a reader must know of the data before using the headlines; nothing where all is as expected."""
    quality: dict[str, Any] = run.manifest.get("quality") or {}
    if quality.get("left_out"):
        return ["The data-quality gate was left out of this run: nobody has measured what its claims are worth."]
    return _cautions(quality, "The report 01_data_quality")


def _cautions(quality: dict[str, Any], where: str) -> list[str]:
    return [*_went_on_regardless(quality), *_stopped_rules(quality), *_unmet_warnings(quality, where)]


def _went_on_regardless(quality: dict[str, Any]) -> list[str]:
    if not quality.get("continued_regardless"):
        return []
    return [
        "The data failed the quality gate and this run was told to go on regardless "
        f"(continue_on_quality_failure): {', '.join(quality['critical_failures'])}. Its figures must not leave the "
        "team before the extract is corrected; 01_data_quality says what cannot be believed."
    ]


def _stopped_rules(quality: dict[str, Any]) -> list[str]:
    stopped = quality.get("stopped_rules") or []
    if not stopped:
        return []
    columns = ", ".join(one["column"] for one in quality["emptied_columns"])
    return [
        f"Most values of {columns} cannot be read, so that {len(stopped)} rules could not be decided on any line: "
        f"{', '.join(one['rule'] for one in stopped)}. That is not the same as finding nothing."
    ]


def _unmet_warnings(quality: dict[str, Any], where: str) -> list[str]:
    unmet = quality.get("unmet_warnings") or []
    if not unmet:
        return []
    words = ", ".join(name.replace("_", " ") for name in unmet)
    return [f"The data is not all that was expected of it: {words}. {where} has counts and dollars."]
