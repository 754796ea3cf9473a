"""`infusion-audit new-rule FAMILY/NAME`: lay out the three files of a rule, ready to run and to be changed."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audit_lib.errors import OUTPUT, USAGE, AuditError, system_reason

if TYPE_CHECKING:
    from audit_lib.commands import Commands

FIRST_OWN_NUMBER = 100
_NAME = re.compile(r"[a-z][a-z0-9_]*/[a-z][a-z0-9_]*")

_METADATA = """\
# Each TODO must go before the catalogue's checks pass. The page adding_a_rule.md says what each key is for.
title: TODO what is wrong, in plain words
number: {number}
version: 1
status: draft                     # stable once its findings have been looked at
group: A                          # the in-force window: A or B of sql/code_sets/policy_windows.csv
is_contingent_on_per_diem: false  # true where the per diem named as related pays for the line
policy: {{id: CPCP019, section: TODO the section of the policy}}
why: >-
  TODO one or two sentences in your own words: why this should not have been paid.
{approval}recover: TODO which part of the line's payment, such as the whole line
exceptions: []
misses:
  - TODO what the rule cannot see
needs: []                         # columns without which it answers not_evaluable
settled_by: [TODO the documents that settle a lead]
defences:
  - TODO what a provider would say
decisions: []                     # what you decided where the policy is silent
code_sets: [included_service_codes]
evidence:                         # how `infusion-audit explain` shows a finding of this rule
  - rows: {{answers: }}             # the named selection of the SQL that holds the row which judged the line
    amounts:                      # line: all of its payment; days or units: payment x part / whole
      - measure: line
    tried:                        # what the rule asks, in its order; `if` is SQL over that row and the claim line
      - if: service_unit_quantity > 1000
        holds: TODO what it means where this is true
        fails: TODO what it means where it is not
"""

_APPROVAL = "approved_by: TODO who answers for the rule\n"
_SQL = """\
-- TODO: this select runs as it stands; change one part after the other.
-- The lines that the rule looks at: allowed ones whose code is in a list.
with considered_lines as (
    select claim_lines.*
    from claim_lines
    inner join included_service_codes
        on claim_lines.hcpcs_code = included_service_codes.code
        and claim_lines.claim_line_start_date
        between included_service_codes.valid_from and included_service_codes.valid_to
    where claim_lines.is_allowed
),

-- What was found of each: every line considered gets exactly one answer.
answers as (
    select *, case when service_unit_quantity > 1000 then 'review' else 'pass' end as outcome
    from considered_lines
)

select
    claim_id, claim_line_number, outcome,
    case when outcome = 'review' then cast(paid_cents * 0.01 as decimal(18, 2)) else 0 end as amount,
    case when outcome = 'review' then 'more than a thousand units' else 'a thousand units or fewer' end as reason,
    cast(null as varchar) as related_claim_id, cast(null as bigint) as related_claim_line_number
from answers
"""

_CASES = """\
# Cases of {name}: claim lines given, answers expected. Have one for every outcome that the rule can give, and near
# misses: lines that a careless rule would find.
# * A column of the contract that is left out has its typical value: place 12, one unit, paid 100.00, August 2025,
#   one member, one provider. An empty cell is a missing value. `provider` stands for a billing TIN: any word.
# * `expect` lists every line that the rule considers, `pass` included, and no other. An empty amount is 0.00. It may
#   show reason, related_claim_id and related_claim_line_number too.
# * `settings:` takes the keys of --config, and assume_in_force: true for dates before the policy.
# TODO: these two cases fit the select as it was laid out.
- name: "many units are a review"
  given: |
    claim_id | claim_line_number | hcpcs_code | service_unit_quantity | paid_amount
    ---------+-------------------+------------+-----------------------+------------
    A        | 1                 | A9901      | 1001                  | 40.00
  expect: |
    claim_id | claim_line_number | outcome | amount
    ---------+-------------------+---------+-------
    A        | 1                 | review  | 40.00

- name: "near miss: the last number of units that is in order"
  given: |
    claim_id | claim_line_number | hcpcs_code | service_unit_quantity | paid_amount
    ---------+-------------------+------------+-----------------------+------------
    A        | 1                 | A9901      | 1000                  | 40.00
  expect: |
    claim_id | claim_line_number | outcome | amount
    ---------+-------------------+---------+-------
    A        | 1                 | pass    |
"""


@dataclass(frozen=True)
class Place:
    """Where the files go: a checkout of the project, or a plan's own folder (setting `local`)."""

    checkout: Path
    local: Path | None = None

    @property
    def rules(self) -> Path:
        """Return the folder of the rules' families."""
        return self.local / "rules" if self.local else self.checkout / "sql" / "rules"

    @property
    def cases(self) -> Path:
        """Return the folder of the cases' families."""
        return (self.local or self.checkout) / "tests" / "rules"

    def files(self, pattern: str) -> list[Path]:
        """Return the files of both, of which a rule may not repeat the name or the number."""
        roots = [self.checkout / "sql", *([self.local] if self.local else [])]
        return [path for root in roots for path in root.glob(pattern)]


def add_parser(commands: Commands) -> None:
    """Declare the command and its options."""
    new = commands.add_parser("new-rule", help="lay out the files of a rule of your own")
    new.add_argument("rule", metavar="FAMILY/NAME", help="such as drugs/weekly_drug_given_daily")
    where = new.add_mutually_exclusive_group()
    where.add_argument("--local", type=Path, metavar="DIR", help="the plan's own folder (setting local) to write into")
    where.add_argument("--project", type=Path, help="the checkout to write into (default: the one that this runs from)")
    new.set_defaults(execute=execute)


def execute(options: argparse.Namespace) -> int:
    """Write the files and say what to do with them."""
    if not _NAME.fullmatch(options.rule):
        raise AuditError(
            USAGE,
            f"{options.rule!r} is no FAMILY/NAME: two names of lower case letters, digits and _, each beginning with a "
            "letter, such as drugs/weekly_drug_given_daily.",
        )
    from audit_lib.resources import page

    place = _place(options)
    family, name = options.rule.split("/")
    _refuse_taken(place, name)
    approval = _APPROVAL if place.local else ""
    files = {
        place.rules / family / f"{name}.yml": _METADATA.format(number=_next_number(place), approval=approval),
        place.rules / family / f"{name}.sql": _SQL,
        place.cases / family / f"{name}.yml": _CASES.format(name=name),
    }
    is_new_family = not place.files(f"rules/{family}")
    _write(files)
    print("\n".join(["Laid out:", *(f"  {path}" for path in files)]))
    if is_new_family:
        print(f"{family} is a new family.")
    variable = f"INFUSION_AUDIT_LOCAL={place.local} " if place.local else ""
    has_tests = (place.checkout / "tests" / "test_rule_cases.py").is_file()
    where = "" if has_tests else ", in a checkout of the project (an installed package has no tests)"
    print(f"Now run{where}: {variable}python -m pytest tests/test_rule_cases.py -k {name}")
    print(f"Then follow {page('adding_a_rule.md')}.")
    return 0


def _place(options: argparse.Namespace) -> Place:
    """Return where to write. Raises AuditError (2) where that is no checkout."""
    from audit_lib.resources import folder

    shipped = folder("sql").parent
    if options.local:
        return Place(shipped, options.local.absolute())
    root = (options.project or shipped).absolute()
    if (root / "sql" / "rules").is_dir() and (root / "tests" / "rules").is_dir():
        return Place(root)
    raise AuditError(
        USAGE,
        f"{root} is no checkout of the project: a rule is laid out in its sql/rules and tests/rules. Run this from a "
        "checkout, name one with --project, or name the plan's own folder with --local.",
    )


def _refuse_taken(place: Place, name: str) -> None:
    """Raise AuditError (2) where a table of the project or the plan has that name, or a rule had it."""
    from audit_lib.catalogue.metadata import GIVEN

    files = [*place.files("**/*.sql"), *place.files("rules/*/*.yml"), *place.files("code_sets/*.csv"),
             *place.cases.glob("*/*.yml")]  # fmt: skip
    taken = next(
        (str(path) for path in files if path.stem == name), "a table that a run brings" if name in GIVEN else ""
    )
    if taken:
        raise AuditError(
            USAGE,
            f"The name {name} is taken by {taken}; a name stands for one table of the project. Choose another one.",
        )


def _next_number(place: Place) -> int:
    """Return the first number from 100 that no rule has, retired ones included."""
    from audit_lib.resources import from_yaml

    paths = place.files("rules/*/*.yml")
    taken = {(from_yaml(path.read_text("utf-8")) or {}).get("number") for path in paths}
    return next(number for number in range(FIRST_OWN_NUMBER, FIRST_OWN_NUMBER + len(taken) + 1) if number not in taken)


def _write(files: dict[Path, str]) -> None:
    """Write all of the files or none. Raises AuditError (14) where one cannot be written."""
    made: list[Path] = []
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                made.append(path)
                file.write(text)
    except OSError as error:
        for path in made:
            path.unlink(missing_ok=True)
        raise AuditError(
            OUTPUT,
            f"{error.filename or made[-1]} cannot be written: {system_reason(error)}. Nothing was laid out. "
            "Make room or grant write access there, then try again.",
        ) from error
