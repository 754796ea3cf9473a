"""Infusion cases scattered through other care, row by row, so that a file of any size fits in memory."""

from collections.abc import Iterator
from itertools import islice
from random import Random

from audit_lib.synthetic.other_care import Row, other_care
from audit_lib.synthetic.people import Numbers
from audit_lib.synthetic.plan import Planned, orderly_cases, scenario_cases, shuffled
from audit_lib.synthetic.truth import TruthRow

# One orderly case per so many lines brings home infusion to about a tenth of the file.
LINES_PER_ORDERLY_CASE = 100
LINES_PER_CLEAN_CASE = 40


class ClaimStream:
    """Yields rows once; the truth is complete when they have been read to the end."""

    def __init__(self, line_count: int, seed: int, planned: list[Planned]) -> None:
        self.line_count = line_count
        self.seed = seed
        self.planned = planned
        self.truth: list[TruthRow] = []

    def __iter__(self) -> Iterator[Row]:
        """Yield exactly as many rows as asked for, or as many as the cases take where that is more."""
        numbers = Numbers()
        ordinary = other_care(Random(f"{self.seed}:other"), numbers)  # noqa: S311 - believable data, no secret
        # A little less other care between two cases than there is room for: no case is left for the end.
        gap = max(0, self.line_count * 85 // 100 // max(1, len(self.planned)))
        written = 0
        for planned in shuffled(self.planned, self.seed):
            case = planned.case(numbers)
            self.truth += case.truth()
            rows = case.rows()
            yield from rows
            written += len(rows)
            wanted = written + min(gap, self.line_count - written)
            for row in self._rows(ordinary, wanted - written):
                yield row
                written += 1
        yield from islice(self._rows(ordinary, self.line_count - written), max(0, self.line_count - written))

    @staticmethod
    def _rows(claims: Iterator[list[Row]], at_least: int) -> Iterator[Row]:
        while at_least > 0:
            rows = next(claims)
            yield from rows
            at_least -= len(rows)


def claims_with_breaches(line_count: int, seed: int) -> ClaimStream:
    """Return claims in which every rule has something to find."""
    orderly = orderly_cases(line_count // LINES_PER_ORDERLY_CASE, seed)
    return ClaimStream(line_count, seed, [*scenario_cases(line_count, seed), *orderly])


def clean_claims(line_count: int, seed: int) -> ClaimStream:
    """Return claims of the same mix in which no rule finds anything."""
    return ClaimStream(line_count, seed, orderly_cases(line_count // LINES_PER_CLEAN_CASE, seed))
