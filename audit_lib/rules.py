"""The catalogue of rules: what each rule's `.yml` says, checked."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

import sqlglot
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from audit_lib.doubt_kinds import RELATED_LINE, RuleDoubt
from audit_lib.errors import BAD_RULE, USAGE, AuditError, sentence
from audit_lib.names import with_nearest
from audit_lib.resources import TwiceError, folder, from_yaml, why_unread

RESULT_COLUMNS = [
    "claim_id", "claim_line_number", "outcome", "amount", "reason", "related_claim_id", "related_claim_line_number",
]  # fmt: skip


class Policy(BaseModel):
    """The policy and its section that a rule rests on."""

    model_config = ConfigDict(extra="forbid")
    id: str
    section: str


class AmountSteps(BaseModel):
    """How a finding's amount comes out of the payment: all of it, none of it, or payment x part / whole.

    `part` and `whole` are SQL over the row that judges the line, in 1/`scale` of a day or a unit.
    """

    model_config = ConfigDict(extra="forbid")
    condition: str | None = Field(default=None, alias="if")
    measure: Literal["line", "nothing", "days", "units"]
    part: str | None = None
    whole: str | None = None
    scale: int = 1
    says: str = ""

    @model_validator(mode="after")
    def _share_has_parts(self) -> Self:
        if (self.measure in ("days", "units")) != (self.part is not None and self.whole is not None):
            raise ValueError("a share of days or units has a part and a whole, nothing else has")
        return self


class TriedException(BaseModel):
    """One question that the rule asks of a line, and what its answer means, in a sentence.

    `case` is a label that the rule's SQL gives to `situation`: what comes before the one that holds was tried and does
    not hold. `if` is SQL over the row that judges the line. Without either, `fails` is always true. `compares`: the
    sentence tells how the line which shows the finding compares with this one; where that is another provider's, only
    the plan reads it.
    """

    model_config = ConfigDict(extra="forbid")
    case: str | None = None
    condition: str | None = Field(default=None, alias="if")
    fails: str = ""
    holds: str = ""
    compares: bool = False

    @model_validator(mode="after")
    def _one_question(self) -> Self:
        if (self.case and self.condition) or not (self.fails or self.holds):
            raise ValueError("a question is a case or an if, and has a sentence for where it fails or holds")
        return self


class EvidenceView(BaseModel):
    """What the evidence of a finding is read from: selections of the rule's SQL that hold a row of the line."""

    model_config = ConfigDict(extra="forbid")
    rows: dict[str, str | None] = {}
    amounts: list[AmountSteps]
    tried: list[TriedException] = []


class RuleMetadata(BaseModel):
    """A rule's `.yml`: what it decides, why, how far, and what it leaves open."""

    model_config = ConfigDict(extra="forbid")
    title: str
    number: int
    version: int = Field(ge=1)
    changes: dict[int, str] = {}  # by version, from 2 on: what its answers have become
    status: Literal["draft", "stable", "retired"]
    replaced_by: str | None = None
    group: str
    is_contingent_on_per_diem: bool
    policy: Policy
    why: str
    recover: str
    exceptions: list[str]
    misses: list[str]
    needs: list[str]
    settled_by: list[str]
    defences: list[str]
    doubts: list[RuleDoubt] = []
    decisions: list[str] = []
    code_sets: list[str]
    evidence: list[EvidenceView] = []

    @property
    def is_dependent_on_line(self) -> bool:
        """Tell whether a finding falls with the line that shows it, as `doubts` says."""
        return RELATED_LINE in self.doubts


@dataclass(frozen=True)
class Rule:
    """One rule: its name (the stem of its files), family, metadata and SQL."""

    name: str
    family: str
    metadata: RuleMetadata
    sql: str
    path: Path

    @property
    def sql_sha256(self) -> str:
        """Return the hash of the SQL with white space and comments normalised away."""
        return _normalised_sha256(self.sql)


class LocalRuleMetadata(RuleMetadata):
    """A rule of a plan's own: numbered after the shipped ones, and someone answers for it."""

    number: int = Field(ge=100)
    approved_by: str = Field(min_length=1)


def load_rules(rules_folder: Path | None = None, metadata_type: type[RuleMetadata] = RuleMetadata) -> list[Rule]:
    """Return the rules that are in use, in their order. Raises AuditError (10) for a rule that is not whole."""
    root = rules_folder or folder("sql") / "rules"
    rules = [_load_rule(path, metadata_type) for path in sorted(root.glob("*/*.yml"))]
    return sorted((r for r in rules if r.metadata.status != "retired"), key=lambda rule: rule.metadata.number)


def _load_rule(path: Path, metadata_type: type[RuleMetadata]) -> Rule:
    sql_path = path.with_suffix(".sql")
    if not sql_path.is_file():
        raise AuditError(
            BAD_RULE,
            f"The rule {path.stem} has no {sql_path.name} beside {path.name}; add it or remove the rule.",
        )
    file = path
    try:
        metadata = _metadata(file.read_text("utf-8"), metadata_type)
        file = sql_path
        sql = file.read_text("utf-8")
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise AuditError(BAD_RULE, f"The rule {path.stem} cannot be used, {file.name}: {_fault(error)}.") from error
    return Rule(path.stem, path.parent.name, metadata, sql, path)


def _fault(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg'].lower()}" for e in error.errors())
    return str(error) if isinstance(error, TwiceError) else why_unread(error)


@lru_cache(maxsize=256)
def _normalised_sha256(sql: str) -> str:
    tree = sqlglot.parse_one(sql, read="duckdb")
    return hashlib.sha256(tree.sql("duckdb", comments=False).encode()).hexdigest()


@lru_cache(maxsize=256)
def _metadata(text: str, metadata_type: type[RuleMetadata]) -> RuleMetadata:
    """Return what a rule's `.yml` says; a run asks several times, and reading YAML is slow."""
    return metadata_type.model_validate(from_yaml(text))


def select_rules(rules: list[Rule], names: Sequence[str]) -> list[Rule]:
    """Return the rules named, in their order; all where none is named. Raises AuditError (2) for unknown names."""
    known = [rule.name for rule in rules]
    unknown = [name for name in names if name not in known]
    if unknown:
        hints = " ".join(sentence(with_nearest(f"There is no rule {name!r}", name, known)) for name in unknown)
        raise AuditError(USAGE, f"{hints} The rules are: {', '.join(known)}.")
    return [rule for rule in rules if not names or rule.name in names]
