"""Members, providers and numbers, all plainly invented."""

from dataclasses import dataclass
from random import Random

from audit_lib.synthetic.columns import STATES


@dataclass(frozen=True, slots=True)
class Provider:
    """Whoever billed: tax numbers start with 00 and provider numbers with 9, which real ones never do."""

    tin: str
    npi: str
    state: str


def _pool(first: int, count: int) -> tuple[Provider, ...]:
    return tuple(
        Provider(f"00-{number:07d}", f"9{number:09d}", STATES[number % len(STATES)])
        for number in range(first, first + count)
    )


# Kinds of providers never share a number: only the first bills per diems, so only it makes suppliers. The table of
# visits names the others too (`billed_by`).
INFUSION_SUPPLIERS = _pool(1_000_001, 16)
CLINICS = _pool(2_000_001, 120)
HOSPITALS = _pool(3_000_001, 30)
LABORATORIES = _pool(4_000_001, 20)
EQUIPMENT_FIRMS = _pool(5_000_001, 24)
NURSING_AGENCIES = _pool(6_000_001, 16)
PHARMACIES = _pool(7_000_001, 20)


class Numbers:
    """Hands out member and claim numbers, each once."""

    def __init__(self) -> None:
        self._members = 0
        self._claims = 0

    def member(self) -> str:
        """Return the next member number."""
        self._members += 1
        return f"M{self._members:06d}"

    def claim(self) -> str:
        """Return the next claim number."""
        self._claims += 1
        return f"C{self._claims:08d}"


def other_than(pool: tuple[Provider, ...], provider: Provider, random: Random) -> Provider:
    """Return a provider of the pool that is not the one given."""
    return random.choice([candidate for candidate in pool if candidate != provider])
