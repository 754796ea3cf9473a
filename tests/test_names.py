"""The nearest known name, and the paragraph that names everything wrong at once."""

import pytest

from audit_lib.errors import refusal, sentence
from audit_lib.names import nearest, with_nearest

ZONES = ["America/Denver", "Europe/Berlin", "UTC"]


@pytest.mark.parametrize(
    ("name", "known", "meant"),
    [
        ("providr", ["rule", "provider"], "provider"),
        ("PROVIDER", ["rule", "provider"], "provider"),
        ("america/denvr", ZONES, "America/Denver"),
        ("quantity", ZONES, None),
        ("x", [], None),
    ],
)
def test_the_nearest_name_comes_as_it_is_spelled(name: str, known: list[str], meant: str | None) -> None:
    assert nearest(name, known) == meant


def test_a_problem_asks_for_the_nearest_name_or_stays_as_it_is() -> None:
    assert with_nearest("claim is no key", "claim", ["claims"]) == "claim is no key. Did you mean claims?"
    assert with_nearest("claim is no key", "claim", ["due"]) == "claim is no key"


@pytest.mark.parametrize(
    ("text", "closed"), [("a is wrong", "a is wrong."), ("a is wrong.", "a is wrong."), ("Or b?", "Or b?")]
)
def test_a_sentence_is_closed_once(text: str, closed: str) -> None:
    assert sentence(text) == closed


def test_all_problems_stand_in_one_paragraph() -> None:
    error = refusal("It cannot be used", ["a is missing.", "b is no key. Did you mean c?", "d is missing"])
    assert error.message == ("It cannot be used: a is missing; b is no key. Did you mean c?; d is missing. Correct it.")
    assert error.exit_code == 2
    assert (
        refusal("It", ["b is none. Did you mean c?"], exit_code=10).message
        == "It: b is none. Did you mean c? Correct it."
    )
