"""Which infusion cases a file holds: every scenario, its variants by date and payer, orderly episodes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from audit_lib.synthetic.case import Case
from audit_lib.synthetic.noise import NOISE
from audit_lib.synthetic.people import Numbers
from audit_lib.synthetic.scenarios import SCENARIOS
from audit_lib.synthetic.therapies import EPISODES
from audit_lib.synthetic.truth import Terms

# First days of a case. Cases reach from 35 days before to 56 days after, all inside the service period.
CURRENT = (date(2025, 9, 1), date(2026, 1, 31))
CLARIFIED = (date(2025, 5, 20), date(2025, 5, 27))
EARLIER = (date(2024, 11, 8), date(2025, 2, 15))
ANY_TIME = (date(2024, 11, 8), date(2026, 1, 31))

# A file of this many lines holds every scenario once in full force; larger files repeat them.
LINES_A_ROUND = 20_000


@dataclass(frozen=True, slots=True)
class Setting:
    """When a case is played, and who pays."""

    first_days: tuple[date, date]
    terms: Terms


FULL_FORCE = Setting(CURRENT, Terms())
# Each scenario is played once more in one of these: then an overpayment is a review, or nothing at all.
VARIANTS: tuple[Setting, ...] = (
    Setting(CLARIFIED, Terms()),
    Setting(EARLIER, Terms()),
    Setting(CURRENT, Terms(funding="self_funded")),
    Setting(CURRENT, Terms(is_secondary=True)),
    Setting(CURRENT, Terms(line_of_business="medicare_advantage")),
    Setting(CURRENT, Terms(funding="fep")),
    Setting(EARLIER, Terms()),
    Setting(CURRENT, Terms(line_of_business="medicaid")),
    Setting(CURRENT, Terms(funding="bluecard")),
)
# Five terms in turn; the number of kinds is no multiple of five, so that every kind meets each of them.
ORDERLY_TERMS: tuple[Terms, ...] = (
    Terms(),
    Terms(),
    Terms(funding="self_funded"),
    Terms(),
    Terms(funding="fep"),
)


@dataclass(frozen=True, slots=True)
class Planned:
    """A case to be built: its builder, its setting and the seed of its own random numbers."""

    build: Callable[[Case], None]
    setting: Setting
    seed: str

    def case(self, numbers: Numbers) -> Case:
        """Build the case."""
        random = Random(self.seed)  # noqa: S311 - believable data, no secret
        first, last = self.setting.first_days
        start = first + timedelta(days=random.randint(0, (last - first).days))
        case = Case(numbers, random, start, self.setting.terms)
        self.build(case)
        return case


def scenario_cases(line_count: int, seed: int) -> list[Planned]:
    """Return the planted cases: each scenario in full force, and in one variant, once a round."""
    planned = []
    for turn in range(max(1, line_count // LINES_A_ROUND)):
        for number, scenario in enumerate(SCENARIOS):
            name = f"{seed}:{turn}:{scenario.__module__}.{scenario.__name__}"
            planned.append(Planned(scenario, FULL_FORCE, name))
            planned.append(Planned(scenario, VARIANTS[(number + turn) % len(VARIANTS)], f"{name}:variant"))
    return planned


def orderly_cases(count: int, seed: int) -> list[Planned]:
    """Return episodes and noise on which nothing may be found, each kind in turn."""
    kinds = (*EPISODES, *NOISE)
    planned = []
    for number in range(count):
        setting = Setting(ANY_TIME, ORDERLY_TERMS[number % len(ORDERLY_TERMS)])
        planned.append(Planned(kinds[number % len(kinds)], setting, f"{seed}:orderly:{number}"))
    return planned


def shuffled(planned: list[Planned], seed: int) -> Iterator[Planned]:
    """Yield the cases in a mixed order, the same for the same seed."""
    random = Random(f"{seed}:order")  # noqa: S311 - believable data, no secret
    yield from random.sample(planned, len(planned))
