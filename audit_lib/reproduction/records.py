"""What the manifests of a run and of its repetition say differently, and which files were touched since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit_lib.fingerprints import describe_outputs
from audit_lib.manifest_keys import Manifest
from audit_lib.settings import Settings
from audit_lib.words import setting_text

# What names the moment, the place or the program of a run: compared apart or not at all. All else is a result.
_NO_RESULT = {
    "run_id", "created_at", "timings", "outputs", "inputs", "passed_over", "parameters", "settings_files", "rules",
    "packages",
    "package_version", "shared_sql_sha256", "layout", "layout_sha256", "schema_version", "ledger", "notebooks",
    "engine",
}  # fmt: skip
# The expectation that holds a run against an earlier one.
_OF_AN_EARLIER_RUN = "months_below_earlier_run"
_WITHOUT_EFFECT = Settings.without_effect_on("results")
FILE_SETTINGS = set(Settings.path_fields()) - _WITHOUT_EFFECT


@dataclass(frozen=True)
class Difference:
    """One thing that is not as the run recorded it: what kind, which one, and how it differs."""

    kind: str
    name: str
    text: str


def touched_files(run_folder: Path, manifest: Manifest) -> Iterator[Difference]:
    """Find files of the run that are no longer those that were written."""
    kept = {str(file["path"]): file for file in manifest.get("outputs", [])}
    there = {str(file["path"]): file for file in describe_outputs(run_folder)}
    for name, file in kept.items():
        if name not in there:
            yield Difference("run file", name, "is gone")
        elif there[name]["sha256"] != file["sha256"]:
            yield Difference("run file", name, "was changed after the run was written")
    for name in sorted(set(there) - set(kept)) if kept else []:
        yield Difference("run file", name, "was not written by the run")


def changed_claims(run: Manifest, again: Manifest) -> Iterator[Difference]:
    """Find claims files of other content, missing or additional. A file under another name is the same file."""
    kept, there = ({str(f["path"]): str(f["sha256"]) for f in m["inputs"]} for m in (run, again))
    if sorted(kept.values()) == sorted(there.values()):
        return
    for name, digest in kept.items():
        if name in there and there[name] != digest:
            yield Difference("claims file", name, "has other content than the run read")
        elif digest not in there.values():
            yield Difference("claims file", name, "was read by the run and is not among these claims")
    for name, digest in there.items():
        if name not in kept and digest not in kept.values():
            yield Difference("claims file", name, "was not read by the run")


def changed_settings(run: dict[str, Any], config: dict[str, Any]) -> Iterator[Difference]:
    """Find settings whose value in a settings file is not the run's; the files that they name are compared apart."""
    for name, value in config.items():
        if name not in _WITHOUT_EFFECT | FILE_SETTINGS and name in run and run[name] != value:
            before, now = setting_text(run[name]), setting_text(value)
            yield Difference("setting", name, f"was {before} in the run and is {now} in the settings file")


def changed_settings_files(run: Manifest, again: Manifest) -> Iterator[Difference]:
    """Find tables and folders of the plan's that the settings name and that are not as the run read them."""
    kept, there = _settings_files(run), _settings_files(again)
    for setting, path in sorted(set(kept) | set(there)):
        before, now = kept.get((setting, path)), there.get((setting, path))
        if before != now:
            text = "is gone" if now is None else "is new" if before is None else "has other content than the run read"
            yield Difference("settings file", f"{path} ({setting})", text)


def _settings_files(manifest: Manifest) -> dict[tuple[str, str], list[str]]:
    """Return the hashes of files by setting and name: a rule of the plan's own and its cases have one name."""
    found = defaultdict(list)
    for file in manifest["settings_files"]:
        found[file["setting"], file["path"]].append(file["sha256"])
    return {key: sorted(hashes) for key, hashes in found.items()}


def changed_program(run: Manifest, again: Manifest) -> Iterator[Difference]:
    """Find rules, shared SQL and layouts that are not those of the run."""
    kept, there = ({r["rule"]: r for r in m["rules"]} for m in (run, again))
    for name in sorted(set(kept) | set(there)):
        if name not in there:
            yield Difference("rule", name, "is not among the rules any more")
        elif name not in kept:
            yield Difference("rule", name, "is new since the run")
        elif kept[name]["sql_sha256"] != there[name]["sql_sha256"]:
            versions = f"version {kept[name]['version']} in the run, {there[name]['version']} now"
            yield Difference("rule", name, f"has other SQL than the run used ({versions})")
        elif kept[name]["version"] != there[name]["version"]:
            yield Difference("rule", name, f"was version {kept[name]['version']} and is {there[name]['version']} now")
    if run["shared_sql_sha256"] != again["shared_sql_sha256"]:
        yield Difference("program", "shared SQL", "staging, facts, exposure or code lists are not those of the run")
    if run["layout_sha256"] != again["layout_sha256"]:
        yield Difference("program", "layout", f"{run['layout']} or the layouts it rests on are not those of the run")


def changed_versions(run: Manifest, again: Manifest) -> list[str]:
    """Say which packages have another version than in the run: no difference by itself, but often its cause."""
    kept = {"infusion-audit": run["package_version"], **run["packages"]}
    there = {"infusion-audit": again["package_version"], **again["packages"]}
    return [
        f"{name} {kept[name]} in the run, {there.get(name, 'absent')} now"
        for name in kept
        if kept[name] != there.get(name)
    ]


def changed_results(run: Manifest, again: Manifest) -> Iterator[Difference]:
    """Find counts and totals of the manifest that the repetition does not confirm."""
    for name in sorted((set(run) | set(again)) - _NO_RESULT):
        if _repeatable(run.get(name)) != _repeatable(again.get(name)):
            yield Difference("manifest", name, "is not what the repetition gives")


def _repeatable(value: Any) -> Any:
    """Leave out what data quality says of an earlier run beside the run, which a repetition does not have."""
    if not isinstance(value, dict) or "compared_with_run" not in value:
        return value
    warnings = [name for name in value.get("unmet_warnings", []) if name != _OF_AN_EARLIER_RUN]
    return {**value, "unmet_warnings": warnings, "compared_with_run": None}
