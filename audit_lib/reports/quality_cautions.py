"""What the front page says of the data: what the gate stopped, passed over when told to, or did not find in order."""

from __future__ import annotations

from audit_lib.quality.doubts import quality_doubts
from audit_lib.reports.blocks import Block, note
from audit_lib.run import Run

LEFT_OUT = "The data-quality gate was left out of this run: nobody has measured what its claims are worth."


def quality_verdict(run: Run) -> Block:
    """Return in words whether the data may be believed, and what of it may not."""
    quality = run.manifest["quality"]
    if quality["left_out"]:
        return note(LEFT_OUT)
    if found := quality_doubts(quality, run.folder, "What was expected, below,"):
        return note(" ".join(found))
    return note("The data is as expected: no rule was stopped, no warning is unmet. Findings rest on sound columns.")


def quality_cautions(run: Run) -> list[str]:
    """Return what a reader must know of the data before using the headlines; nothing where all is as expected."""
    quality = run.manifest["quality"]
    if quality["left_out"]:
        return [LEFT_OUT]
    return quality_doubts(quality, run.folder, "The report 01_data_quality")
