"""What a run's data-quality gate says against its totals: expectations in their own words, never a value of a row."""

from __future__ import annotations

import json
from pathlib import Path

from audit_lib.manifest_keys import Quality
from audit_lib.words import count

_SHOWN = 12  # expectations that are named; more are counted


def quality_doubts(quality: Quality, run_folder: Path, where: str) -> list[str]:
    """Say what of the manifest's `quality` a reader must know, of the run in this folder; `where` has the counts."""
    if quality["left_out"]:
        return []
    sentences = _sentences(run_folder)
    return [*_went_on_regardless(quality, sentences), *_stopped_rules(quality), *_unmet(quality, sentences, where)]


def _went_on_regardless(quality: Quality, sentences: dict[str, str]) -> list[str]:
    if not quality["continued_regardless"]:
        return []
    return [
        "The data failed the quality gate and this run was told to go on regardless "
        f"(continue_on_quality_failure). Not met: {_named(quality['critical_failures'], sentences)}. "
        "Its figures must not leave the "
        "team before the extract is corrected; 01_data_quality says what cannot be believed."
    ]


def _stopped_rules(quality: Quality) -> list[str]:
    stopped = quality["stopped_rules"]
    if not stopped:
        return []
    columns = ", ".join(one["column"] for one in quality["emptied_columns"])
    return [
        f"Most values of {columns} cannot be read, so that {count(len(stopped), 'rule')} could not be decided "
        f"on any line: {', '.join(one['rule'] for one in stopped)}. That is not the same as finding nothing."
    ]


def _unmet(quality: Quality, sentences: dict[str, str], where: str) -> list[str]:
    unmet = quality["unmet_warnings"]
    if not unmet:
        return []
    expected = "These were" if len(unmet) > 1 else "This was"
    return [f"{expected} expected of the data and not met: {_named(unmet, sentences)}. {where} has counts and dollars."]


def _named(names: list[str], sentences: dict[str, str]) -> str:
    """Write expectations in their own sentences: their names alone would read as if they were met."""
    said = [sentences.get(name, f"“{name.replace('_', ' ')}”") for name in names[:_SHOWN]]
    return "; ".join([*said, *([f"and {len(names) - _SHOWN} more"] if len(names) > _SHOWN else [])])


def _sentences(run_folder: Path) -> dict[str, str]:
    """Return what the expectations of a run say, by their names; nothing where its file is gone."""
    try:
        entries = json.loads((run_folder / "quality.json").read_text("utf-8")).get("expectations") or []
        return {
            entry["id"]: f"“{entry['sentence'].rstrip('.')}”"
            + (" (could not be evaluated)" if entry["status"] == "ERROR" else "")
            for entry in entries
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
