"""Every given/expect case of every rule. The cases are data: tests/rules/<family>/<rule>.yml."""

import pytest

from tests.rule_cases import Case, expected, load_cases, outcomes_of, shown


@pytest.mark.parametrize("case", load_cases(), ids=lambda case: case.id)
def test_case(case: Case) -> None:
    found = [shown(case, outcome) for outcome in outcomes_of(case)]
    assert sorted(found, key=str) == sorted(expected(case), key=str)


def test_case_names_are_unique() -> None:
    names = [case.id for case in load_cases()]
    assert sorted(names) == sorted(set(names))
