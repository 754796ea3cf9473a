"""A run's manifest holds the keys that the data dictionary explains, with values of the types that it says."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

import pyarrow.parquet as pq
import pytest

from audit_lib.audit import run_audit
from audit_lib.manifest_keys import SCHEMA_VERSION, Amount, Day, Manifest
from audit_lib.progress import Progress
from audit_lib.run_options import RunOptions
from audit_lib.settings import Settings
from tests.conftest import ROOT

# What a run of each version looks like: a digest of the columns of its tables and of the keys of its manifest.
SHAPES = {3: "9ce29b79179024b3"}
PATTERNS = {Amount: r"-?\d+\.\d\d", Day: r"\d{4}-\d\d-\d\d"}


def faults(value: Any, hint: Any, place: str = "manifest") -> list[str]:
    """Return where a value is not what a type hint says, keys that no hint names among them."""
    if hint in PATTERNS:
        return [] if isinstance(value, str) and re.fullmatch(PATTERNS[hint], value) else [place]
    if get_origin(hint) is Annotated:
        first, *said = get_args(hint)
        return faults(value, Annotated[first, said[0]] if len(said) > 1 and first is str else first, place)
    if get_origin(hint) in (UnionType, Union):
        return [] if value is None else faults(value, get_args(hint)[0], place)
    if get_origin(hint) is list:
        items = enumerate(value) if isinstance(value, list) else [("no list", None)]
        return [fault for number, item in items for fault in faults(item, get_args(hint)[0], f"{place}[{number}]")]
    if is_typeddict(hint) and isinstance(value, dict):
        return _faults_of_keys(value, get_type_hints(hint, include_extras=True), place)
    if get_origin(hint) is Literal:
        return [] if value in get_args(hint) else [place]
    plain = dict if is_typeddict(hint) else get_origin(hint) or hint
    return [] if plain is Any or (isinstance(value, plain) and not (plain is int and value is True)) else [place]


def _faults_of_keys(value: dict[str, Any], hints: dict[str, Any], place: str) -> list[str]:
    found = [f"{place}.{key} has no meaning" for key in value.keys() - hints.keys()]
    for key, hint in hints.items():
        is_optional = get_origin(hint) is NotRequired
        if key in value:
            found += faults(value[key], get_args(hint)[0] if is_optional else hint, f"{place}.{key}")
        elif not is_optional:
            found.append(f"{place}.{key} is missing")
    return found


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings that give each list of the manifest a row."""
    folder = tmp_path_factory.mktemp("settings")
    (folder / "overrides.csv").write_text(
        "provider_id,rule,hcpcs_code,date_from,date_to,action,note,approved_by\n"
        "123456789,supply_with_per_diem,,,,review,contract,counsel\n"
    )
    (folder / "lookback.csv").write_text(
        "line_of_business,state,months,counted_from,exempt_rules,citation\n,,24,paid,,contract\n"
    )
    return Settings(overrides=folder / "overrides.csv", lookback_limits=folder / "lookback.csv")


def made(folder: Path, settings: Settings, is_full: bool) -> dict[str, Any]:
    """Return the manifest of a run with all that gives it entries, or with as little as can be."""
    options = RunOptions(
        str(ROOT / "data" / "sample" / "clean_claims.csv"), folder, run_id="r", with_reports=False,
        with_quality=is_full, settings=settings if is_full else Settings(),
        ledger=folder / "ledger.duckdb" if is_full else None, period_from=date(2025, 1, 1) if is_full else None,
    )  # fmt: skip
    run_audit(options, Progress(is_quiet=True))
    return dict(json.loads((folder / "r" / "manifest.json").read_text("utf-8")))


def test_a_manifest_is_what_the_dictionary_says(tmp_path: Path, settings: Settings) -> None:
    full, least = (made(tmp_path / str(is_full), settings, is_full) for is_full in (True, False))
    assert faults(full, Manifest) == faults(least, Manifest) == []
    assert full["overrides"] and full["lookback_limits"] and full["ledger"] and full["outputs"] and full["timings"]
    assert not (least["overrides"] or least["lookback_limits"] or "ledger" in least)
    changes: dict[str, Any] = {
        "run_id": None, "as_of": "today", "totals": {**full["totals"], "net_overpaid_amount": 1.5},
        "rows": {"source": 1, "read": True, "rejected": 0, "left_out": 0}, "rules": ["one"], "one_more": 1,
    }  # fmt: skip
    wrong = ["one_more has no meaning", "run_id", "as_of", "rows.read", "totals.net_overpaid_amount", "rules[0]"]
    assert faults({**full, **changes}, Manifest) == [f"manifest.{place}" for place in wrong]
    del full["totals"]
    assert faults(full, Manifest) == ["manifest.totals is missing"]


def keys_of(hint: Any, place: str = "manifest") -> list[str]:
    """Return the places of all keys of a manifest."""
    found = [place]
    for inner in get_args(hint):
        found += keys_of(inner, place)
    if is_typeddict(hint):
        for key, of_key in get_type_hints(hint, include_extras=True).items():
            found += keys_of(of_key, f"{place}.{key}")
    return found


def test_a_run_of_another_shape_is_of_another_version(tmp_path: Path, settings: Settings) -> None:
    """Else a command that asks an older run for a new column ends with an error of its SQL."""
    made(tmp_path, settings, True)
    columns = [
        f"{path.stem}.{column.name} {column.type}"
        for path in (tmp_path / "r").glob("*.parquet")
        for column in pq.read_schema(path)
    ]
    assert len(columns) > 200
    shape = hashlib.sha256("\n".join(sorted({*columns, *keys_of(Manifest)})).encode()).hexdigest()[:16]
    assert shape == SHAPES[SCHEMA_VERSION], "raise SCHEMA_VERSION (audit_lib/manifest_keys.py), and note its shape here"
