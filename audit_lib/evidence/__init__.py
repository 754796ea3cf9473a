"""Evidence of findings: what each rests on, step by step, and what speaks against it; from a finished run alone."""

from audit_lib.evidence.gathering import evidence_for, evidence_of, largest_overpayment
from audit_lib.evidence.model import SECTIONS, CountedDay, Evidence, EvidenceLine, Statement

__all__ = [
    "SECTIONS", "CountedDay", "Evidence", "EvidenceLine", "Statement", "evidence_for", "evidence_of",
    "largest_overpayment",
]  # fmt: skip
