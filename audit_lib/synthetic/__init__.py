"""Believable claim lines of a US health plan with planted breaches, and what an audit must find in them.

Everything is invented from a seed; no real member, provider or claim stands behind it. What must be found is
written down by the scenario that plants it, never computed by the rules under test.
"""

from dataclasses import dataclass

from audit_lib.synthetic.columns import CLAIM_COLUMNS, TRUTH_COLUMNS
from audit_lib.synthetic.stream import ClaimStream, claims_with_breaches, clean_claims
from audit_lib.synthetic.truth import TruthRow
from audit_lib.synthetic.writing import write_sample

__all__ = [
    "CLAIM_COLUMNS",
    "TRUTH_COLUMNS",
    "SyntheticClaims",
    "TruthRow",
    "generate",
    "generate_clean",
    "write_sample",
]


@dataclass(frozen=True, slots=True)
class SyntheticClaims:
    """Claim lines as they stand in the file, by column and as text, and what an audit must find."""

    claims: list[dict[str, str]]
    truth: list[TruthRow]


def generate(line_count: int, seed: int) -> SyntheticClaims:
    """Make claims with planted breaches; at least the lines of every scenario once."""
    return _read(claims_with_breaches(line_count, seed))


def generate_clean(line_count: int, seed: int) -> SyntheticClaims:
    """Make claims of the same mix in which no rule may find anything."""
    return _read(clean_claims(line_count, seed))


def _read(stream: ClaimStream) -> SyntheticClaims:
    claims = [dict(zip(CLAIM_COLUMNS, row, strict=True)) for row in stream]
    return SyntheticClaims(claims, stream.truth)
