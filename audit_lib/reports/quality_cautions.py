"""What the front page says of the data: what the gate stopped, passed over when told to, or did not find in order."""

from __future__ import annotations

from audit_lib.manifest_keys import Quality
from audit_lib.reports.blocks import Block, note
from audit_lib.run import Run
from audit_lib.words import count

_SHOWN = 8  # expectations that a caution names; more are counted


def quality_verdict(run: Run) -> Block:
    """Return in words whether the data may be believed, and what of it may not."""
    quality = run.manifest.get("quality")
    if not quality or quality.get("left_out"):
        return note("The data-quality gate was left out of this run: nobody has measured what its claims are worth.")
    if found := _cautions(run, quality, "What was expected, below,"):
        return note(" ".join(found))
    return note("The data is as expected: no rule was stopped, no warning is unmet. Findings rest on sound columns.")


def quality_cautions(run: Run) -> list[str]:
    """Return what a reader must know of the data before using the headlines; nothing where all is as expected."""
    quality = run.manifest.get("quality")
    if quality is None:
        return []
    if quality.get("left_out"):
        return ["The data-quality gate was left out of this run: nobody has measured what its claims are worth."]
    return _cautions(run, quality, "The report 01_data_quality")


def _cautions(run: Run, quality: Quality, where: str) -> list[str]:
    return [*_went_on_regardless(run, quality), *_stopped_rules(quality), *_unmet_warnings(run, quality, where)]


def _went_on_regardless(run: Run, quality: Quality) -> list[str]:
    if not quality.get("continued_regardless"):
        return []
    return [
        "The data failed the quality gate and this run was told to go on regardless "
        f"(continue_on_quality_failure). Not met: {_sentences(run, quality['critical_failures'])}. "
        "Its figures must not leave the "
        "team before the extract is corrected; 01_data_quality says what cannot be believed."
    ]


def _stopped_rules(quality: Quality) -> list[str]:
    stopped = quality.get("stopped_rules") or []
    if not stopped:
        return []
    columns = ", ".join(one["column"] for one in quality["emptied_columns"])
    return [
        f"Most values of {columns} cannot be read, so that {count(len(stopped), 'rule')} could not be decided "
        f"on any line: {', '.join(one['rule'] for one in stopped)}. That is not the same as finding nothing."
    ]


def _unmet_warnings(run: Run, quality: Quality, where: str) -> list[str]:
    unmet = quality.get("unmet_warnings") or []
    if not unmet:
        return []
    expected = "These were" if len(unmet) > 1 else "This was"
    return [f"{expected} expected of the data and not met: {_sentences(run, unmet)}. {where} has counts and dollars."]


def _sentences(run: Run, names: list[str]) -> str:
    """Write expectations in their own sentences: their names alone would read as if they were met."""
    found = run.table("quality_expectations").set_index("expectation")[["sentence", "status"]].to_dict("index")
    said = []
    for name in names[:_SHOWN]:
        entry = found.get(name, {"sentence": name.replace("_", " "), "status": "FAIL"})
        unknown = " (could not be evaluated)" if entry["status"] == "ERROR" else ""
        said.append(f"“{entry['sentence'].rstrip('.')}”{unknown}")
    return "; ".join([*said, *([f"and {len(names) - _SHOWN} more"] if len(names) > _SHOWN else [])])
